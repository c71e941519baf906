"""
A pytest plugin that sorts irctest's server tests into tiers, and selects those of a tier:
`pytest -p pollcast_tiers --tier must` (must, should, later; several with commas). README.md has the
results.
"""

from pathlib import PurePosixPath
from typing import Iterable, Set

MUST, SHOULD, LATER, NOT_OURS = "must", "should", "later", "not-ours"

# RFC 1459, RFC 2812, the modern documents, and capability negotiation itself.
CORE = set(
    """
    away buffering cap channel connection_registration help info invite isupport join kick kill
    links list lusers messages multi_prefix names oper part pingpong quit regressions time topic
    utf8 wallops who whois whowas chmodes/ban chmodes/key chmodes/limit chmodes/modeis
    chmodes/moderated chmodes/no_external chmodes/operator chmodes/secret
    """.split()
)
# The capabilities that clients of today negotiate.
EXTENSIONS = set(
    """
    away_notify bot_mode chathistory chmodes/invite_exception chmodes/no_ctcp echo_message
    labeled_responses message_tags monitor read_marker setname statusmsg websocket
    """.split()
)
# Accounts, and drafts that few clients speak.
DISTANT = set(
    """
    account_registration account_tag channel_rename chmodes/account_extban chmodes/mute_extban
    extended_join metadata_3 multiline redact sasl
    """.split()
)
# A test in a core file that is about one of these is about an extension.
EXTENSION_MARKS = {
    *("batch", "labeled-response", "echo-message", "message-tags", "multi-prefix", "WHOX"),
}
# These tests of the history need accounts, or kept private messages, or kept tags.
HISTORY_LATER = {"testInvalidTargets", "testChathistoryTagmsg"}


def tier_of(path: str, function: str, marks: Iterable[str]) -> str:
    """Returns the tier of a test, by its file below server_tests/, its function and its marks."""
    marks = set(marks)
    name = str(PurePosixPath(path).with_suffix(""))
    if marks & {"implementation-specific", "deprecated"}:
        return NOT_OURS
    if name == "chathistory":
        distant = "private_chathistory" in marks or function in HISTORY_LATER
        return LATER if distant else SHOULD
    if "services" in marks or name in DISTANT:
        return LATER
    if name in EXTENSIONS:
        return SHOULD
    if name in CORE:
        is_extension = marks & EXTENSION_MARKS or (name == "regressions" and "IRCv3" in marks)
        return SHOULD if is_extension else MUST
    return NOT_OURS


def pytest_addoption(parser):
    parser.addoption("--tier", default="must,should,later", help="must, should, later: with commas")


def pytest_collection_modifyitems(config, items):
    wanted: Set[str] = set(config.getoption("--tier").split(","))
    kept, left_out = [], []
    for item in items:
        file = item.location[0].replace("\\", "/")
        inside = file.partition("server_tests/")[2]
        marks = {mark.name for mark in item.iter_markers()}
        tier = tier_of(inside, item.originalname, marks) if inside else NOT_OURS
        (kept if tier in wanted else left_out).append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
    items[:] = kept
