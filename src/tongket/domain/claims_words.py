"""Which Vietnamese words decide what a number in a sentence means?

Units of measure, words that hedge, words that say up or down, words in front of and
behind numbers that are no statistics. Data only; `quantities` reads with it. Drawn from
official and press texts of many provinces, so a word missing here is a gap of the
lexicon, not of the grammar.
"""

from decimal import Decimal

from tongket.domain.claims_units import UNITS

UP, DOWN, SAME = "up", "down", "same"
ABOVE, BELOW, ABOUT = "approx_above", "approx_below", "about"

NUMBER_WORDS = {
    "hai": 2,
    "ba": 3,
    "bốn": 4,
    "tư": 4,
    "năm": 5,
    "sáu": 6,
    "bảy": 7,
    "bẩy": 7,
    "tám": 8,
    "chín": 9,
    "mười": 10,
}
DIGIT_WORDS = {"một": 1, "mốt": 1, "lăm": 5, **NUMBER_WORDS}

MULTIPLIERS = {
    "nghìn": Decimal(1_000),
    "ngàn": Decimal(1_000),
    "vạn": Decimal(10_000),
    "triệu": Decimal(1_000_000),
    "tỷ": Decimal(1_000_000_000),
    "tỉ": Decimal(1_000_000_000),
}
TIME_NEEDS = {"thế": ("kỷ",), "thập": ("kỷ", "niên"), "chữ": ("số",)}
NOT_BILLION = {"lệ", "trọng", "suất", "số"}  # tỷ lệ, tỷ trọng …
CURRENCIES = {
    "đồng": "đồng",
    "đ": "đồng",
    "vnđ": "đồng",
    "vnd": "đồng",
    "usd": "USD",
    "euro": "euro",
    "eur": "euro",
}

HEDGES = {
    ("hơn",): ABOVE,
    ("trên",): ABOVE,
    ("quá",): ABOVE,
    ("ít", "nhất"): ABOVE,
    ("tối", "thiểu"): ABOVE,
    ("không", "dưới"): ABOVE,
    ("gần",): BELOW,
    ("ngót",): BELOW,
    ("dưới",): BELOW,
    ("chưa", "đến"): BELOW,
    ("chưa", "tới"): BELOW,
    ("chưa", "đầy"): BELOW,
    ("không", "quá"): BELOW,
    ("tối", "đa"): BELOW,
    ("khoảng",): ABOUT,
    ("chừng",): ABOUT,
    ("ước",): ABOUT,
    ("ước", "tính"): ABOUT,
    ("ước", "đạt"): ABOUT,
    ("xấp", "xỉ"): ABOUT,
}
AT_LEAST = {("ít", "nhất"), ("tối", "thiểu"), ("tối", "đa"), ("không", "quá")}

VERBS = {
    ("tăng",): UP,
    ("tăng", "trưởng"): UP,
    ("vượt",): UP,
    ("nhảy", "vọt"): UP,
    ("nhảy",): UP,
    ("nhiều", "hơn"): UP,
    ("cao", "hơn"): UP,
    ("lớn", "hơn"): UP,
    ("giảm",): DOWN,
    ("tụt",): DOWN,
    ("bớt",): DOWN,
    ("hụt",): DOWN,
    ("ít", "hơn"): DOWN,
    ("thấp", "hơn"): DOWN,
    ("nhỏ", "hơn"): DOWN,
    ("kém",): DOWN,
}
PLAIN_VERBS = {"tăng", "giảm"}
MULTIPLE_VERBS = {"gấp"}
ADVERBS = {
    "được",
    "nhẹ",
    "mạnh",
    "thêm",
    "tới",
    "đến",
    "đều",
    "sâu",
    "nhanh",
    "đi",
    "là",
    "cả",
    "lần",
    "lượt",
    "bình",
    "quân",
}
AIMS = {"tiến", "độ", "chỉ", "tiêu", "kế", "hoạch", "yêu", "cầu"}  # vượt kế hoạch 5%
LEVELS = {"còn", "lên", "xuống"}  # "giảm còn 5": a level, not a change

TARGETS = (
    ("mục", "tiêu"),
    ("chỉ", "tiêu"),
    ("phấn", "đấu"),
    ("yêu", "cầu"),
)
AVERAGES = (("bình", "quân"), ("trung", "bình"))
EACH = {"một", "mỗi", "1"}
TIME_UNITS = {
    "ngày",
    "tháng",
    "năm",
    "tuần",
    "quý",
    "giờ",
    "phút",
    "giây",
    "đêm",
    "tuổi",
    "buổi",
    "tiếng",
    "thập",
    "thế",
    "h",
    "chữ",
}
LINKS = {"tương", "ứng", "đương", "=", "hay", "tức", "với", "là", "khoảng", "bằng"}
CONNECTORS = {
    "và", "nhưng", "cũng", "đã", "lại", "đều", "song", "tuy", "nhiên", "tiếp", "tục",
}  # fmt: skip

# What stands before a number that is a name or a date.
DATE_BEFORE = {
    "ngày", "sáng", "chiều", "tối", "trưa", "đêm", "hôm", "lễ", "dịp", "mùng", "mồng",
    "đến", "từ", "tới", "hết", "trước", "sau",
}  # fmt: skip
NAMES_BEFORE = {
    "điều", "khoản", "chương", "km", "lộ", "top", "lớp", "sn", "khóa", "khoá",
    "khối", "mục", "phụ", "lục", "mác", "tàu", "xe", "mã", "đoạn", "đợt", "vòng",
    "kỳ", "cấp", "quận", "phường", "thôn", "tổ", "khu", "phố", "đội", "phòng", "ấp",
    "lúc", "hồi", "độ", "lần", "quyển", "tập", "trang", "bảng", "biểu", "mẫu",
    "f", "covid", "g", "t", "tỉnh", "ql", "đt", "ương", "đoàn", "vực", "vùng", "nhóm",
    "loại", "mức",
}  # fmt: skip
DOCUMENTS = {
    "đạo", "định", "án", "quyết", "thị", "tư", "hoạch", "văn", "luật", "báo",
    "trình", "lệnh", "vụ", "tuyến", "phòng", "số",
}  # fmt: skip
NUMBERED_AFTER = {"tổng", "con", "trong", "dân", "quân"}  # "tổng số 15 vụ" is a count
RANKS_BEFORE = {"xếp", "đứng", "hạng", "vị", "trí", "ở"}
SLOGANS = {
    "giúp", "không", "có", "tại", "chống", "bám", "cùng", "sẵn", "sạch", "trong",
    "giỏi", "tốt", "tự", "biết", "giảm", "tăng", "xây", "an", "rõ", "nhất",
}  # fmt: skip
NOT_UNITS = SLOGANS | CONNECTORS | TIME_UNITS | {
    "của", "tại", "ở", "với", "do", "để", "được", "bị", "thì", "mà", "nên",
    "cho", "về", "từ", "đến", "theo", "so", "còn", "trên", "dưới", "hơn", "gần", "các",
    "những", "này", "đó", "khi", "vào", "ra", "lên", "xuống", "bằng", "như", "hoặc",
    "trở", "đạt", "chiếm", "làm", "gồm", "qua", "sau", "trước", "năm", "tới", "là",
    "hay", "nhằm", "việt", "tính", "bình", "đầu", "cuối", "liên",
}  # fmt: skip
LEVEL_PHRASES = (
    ("không", "tăng", ",", "không", "giảm"),
    ("không", "tăng", "không", "giảm"),
    ("không", "tăng", ",", "giảm"),
    ("không", "tăng", "giảm"),
    ("không", "thay", "đổi"),
    ("không", "đổi"),
    ("giữ", "nguyên"),
)
RANK_WORDS = {
    ("đứng", "đầu"): 1,
    ("dẫn", "đầu"): 1,
    ("quán", "quân"): 1,
    ("á", "quân"): 2,
}
MULTIPLE_WORDS = {
    "rưỡi": Decimal("1.5"),
    "đôi": Decimal(2),
    **{word: Decimal(value) for word, value in NUMBER_WORDS.items()},
}
DESCRIPTORS = {
    "chết", "bị", "thương", "tử", "vong", "nạn", "mất", "tích",
}  # fmt: skip

# First syllables of words that are no units: "xã hội", "Tổ quốc".
NO_NOUNS = {
    ("xã", "hội"), ("tổ", "quốc"), ("nhà", "nước"), ("bộ", "công"), ("bộ", "trưởng"),
    ("con", "người"), ("ngành", "nghề"), ("nước", "ngoài"), ("tin", "tức"),
    ("bản", "thân"), ("bộ", "đội"), ("việc", "làm"), ("công", "tác"), ("em", "nhỏ"),
    ("người", "đứng"), ("án", "tù"), ("xã", "viên"), ("tỉnh", "ủy"),
}  # fmt: skip

UNIT_TREE: dict[str, list[tuple[tuple[str, ...], str]]] = {}
for _unit in UNITS:
    _words = tuple(_unit.split())
    UNIT_TREE.setdefault(_words[0], []).append((_words, _unit))
for _found in UNIT_TREE.values():
    _found.sort(key=lambda each: -len(each[0]))
