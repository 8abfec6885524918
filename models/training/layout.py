"""The chat layout of the duet in its trained form: which strings stand between the runs of frames."""

from __future__ import annotations

START, END = "<|im_start|>", "<|im_end|>"
SYSTEM_PROMPT = (
    "A multimodal AI assistant is helping users with some activities. Below is their conversation, "
    "interleaved with the list of video frames received by the assistant."
)
OPENING = f"{START}system\n{SYSTEM_PROMPT}{END}"
# From a turn whose end has already been written to the next run of frames.
STREAM = f"\n{START}stream\n"
# From an open stream turn to the assistant's words.
REPLY = f"{END}\n{START}assistant\n"


def user_at_start(text: str) -> str:
    """A user turn while no stream turn is open, and the opening of the stream turn after it."""
    return f"\n{START}user\n{text}{END}{STREAM}"


def user_in_stream(text: str) -> str:
    """A user turn while a stream turn is open."""
    return END + user_at_start(text)
