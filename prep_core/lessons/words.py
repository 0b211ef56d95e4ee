"""Numbers as a lesson writes them."""


def signed(number: float, form: str) -> str:
    """`number` in that format, with a true minus sign."""
    return format(number, form).replace("-", "−")
