"""Texts that are small and would be large, or are large where a recipe is small."""


def bombs(n: int) -> tuple[bytes, ...]:
    """Each kind of them, with something `n` times."""
    laughs = "".join(f"x{i}: &x{i} [{', '.join([f'*x{i - 1}'] * 9)}]\n" for i in range(1, 10))
    lines = "prep: 1\nsteps:\n"
    return tuple(
        text.encode()
        for text in (
            "prep: 1\nx0: &x0 [lol]\n" + laughs + "steps: []",
            lines + "[" * n + "]" * n,
            lines + "{a: " * n + "}" * n,
            lines + "- " * n + "1",
            lines + "? " * n,
            lines + "- {step: clip}\n" * n,
            lines + "- {step: " + "x" * n + "}",
            lines + "- {step: clip, low: " + "9" * n + "}",
            lines + "- {step: clip, low: 1" + " " * n + "}",
            lines + "- {step: clip, " + ", ".join(f"k{i}: 1" for i in range(n)) + "}",
            lines + "- {step: resample, spacing: [" + "1, " * n + "]}",
            "".join(f"k{i}: 1\n" for i in range(n)),
            "prep: 1\nname: " + "a\n\n  " * n,
            "prep: 1\nname: '" + "\n" * n + "'",
            "prep: 1\nname: |\n" + " x\n" * n,
            "prep: 1\nname: " + '"' + "\\x41" * n + '"',
            "#" * n + "\nprep: 1\nsteps: []",
            "prep: 1\ntrained_on: {scans: 1, digest: a, members: [" + "0123456789abcdef, " * n + "]}\nsteps: []",
            "!" * n,
            "%TAG !a! b\n" * n + "--- 1",
        )
    )
