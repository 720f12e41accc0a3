"""What do Vietnamese public texts count? The nouns that may follow a number.

`COUNTED` come in whole numbers, so "1,193 vụ" can only be a thousands mark; `MEASURED`
may have decimals ("374,925 g"). A claim is stated in the head noun: "26.699 vụ cháy"
in "vụ", "20 người chết" in "người", "83 khẩu súng" in "khẩu".
"""


def _split(lines: str) -> tuple[str, ...]:
    return tuple(unit.strip() for unit in lines.replace("\n", " ").split(","))


_CASES = _split(
    """vụ, vụ việc, việc, trường hợp, ca, đơn, đơn thư, lượt, lượt người, lượt đơn,
    cuộc, hội nghị, buổi, lớp, chuyên đề, tin, tin báo, nguồn tin, kiến nghị, ý kiến,
    phản ánh, hồ sơ, thủ tục, văn bản, kế hoạch, báo cáo, nghị quyết, quyết định,
    biên bản, án, bản án, hành vi, lỗi, trận, đám cháy, cơn bão, điểm nóng"""
)
_PEOPLE = _split(
    """người, đối tượng, bị can, bị cáo, bị hại, nạn nhân, trẻ, trẻ em, học sinh,
    sinh viên, giáo viên, cán bộ, chiến sĩ, công an, đảng viên, hội viên, đoàn viên,
    thành viên, đồng chí, lao động, công dân, bé trai, bé gái, phụ nữ, nam giới,
    thanh niên, cháu, em, bệnh nhân, phạm nhân, học viên, khách, lượt khách, du khách,
    hành khách, tình nguyện viên, tập thể, cá nhân, gia đình, hộ, hộ gia đình"""
)
_GROUPS = _split(
    """băng nhóm, ổ nhóm, nhóm, băng, ổ, tụ điểm, đường dây, tổ, tổ công tác, đội, đoàn,
    tổ chức, chi bộ, câu lạc bộ, mô hình, đơn vị, cơ quan, cơ sở, doanh nghiệp,
    hợp tác xã, công ty, chi nhánh, trung tâm, trường, trường học, nhà trường,
    bệnh viện, cửa hàng, chợ, kho, bãi, chốt, trạm, điểm cầu"""
)
_PLACES = _split(
    """địa bàn, xã, phường, thị trấn, huyện, quận, tỉnh, thành phố, thôn, bản,
    tổ dân phố, khu dân cư, khu phố, vùng, khu vực, tuyến, vị trí, nút giao, nước,
    quốc gia, thửa, lô, nhà, căn nhà, ngôi nhà, công trình, cầu, hố"""
)
_WORK = _split(
    """dự án, đề án, mục tiêu, giải pháp, nhiệm vụ, chỉ tiêu, tiêu chí, chỉ số,
    nội dung, dịch vụ, lĩnh vực, ngành, bằng khen, giấy khen, tin bài, bài viết,
    phóng sự, cuốn, tờ, tờ rơi, suất quà, phần quà, suất, bậc"""
)
_THINGS = _split(
    """khẩu, súng, viên, quả, vũ khí, hung khí, dao, máy, bộ, chiếc, cái, con, cây, gói,
    bánh, tép, liều, ống, hộp, chai, thùng, bao, kiện, sản phẩm, tên miền, tài khoản,
    website, trang, thuê bao, thẻ, thông tin, tin nhắn, cuộc gọi, giấy phép,
    giấy phép lái xe, phương tiện, xe, xe máy, xe mô tô, mô tô, xe ô tô, ô tô, tàu,
    tàu cá, thuyền, sà lan, container, chuyến, chuyến bay, camera, đèn, cặp"""
)
COUNTED = (*_CASES, *_PEOPLE, *_GROUPS, *_PLACES, *_WORK, *_THINGS)
MEASURED = _split(
    """kg, g, gam, gram, tấn, tạ, yến, mg, ml, lít, m, m2, m², m3, m³, mét, mét vuông,
    mét khối, km, km2, ha, héc ta, kwh, mw, lần, điểm, tuổi, cm, lạng, hạng"""
)
UNITS = tuple(dict.fromkeys((*COUNTED, *MEASURED)))
WHOLE = frozenset(COUNTED)
# What an official counts in words as well as in digits ("giảm chín vụ, hai tấn").
IN_WORDS = frozenset((*_CASES, *_PEOPLE, *_GROUPS)) - {"tin", "ý kiến"} | frozenset(
    _split(
        """bậc, tấn, kg, tiêu chí, chỉ số, khẩu, xã, mục tiêu, giải pháp, địa bàn, tàu,
        phương tiện, lần, tuyến, huyện, tỉnh"""
    )
)
