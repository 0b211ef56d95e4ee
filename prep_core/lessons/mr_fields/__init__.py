"""Lesson: MR has no unit.  A coil's field and four ways to take it away; two scanners and two contrasts."""
