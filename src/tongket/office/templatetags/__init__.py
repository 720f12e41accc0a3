"""What templates of the staff pages may say."""
