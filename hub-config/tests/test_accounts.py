"""Accounts, password hashes, limits and the command that prints the first link, without a Hub."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

import pytest
from stratalab_hub.accounts import INVITATION_SECONDS, Accounts
from stratalab_hub.client_address import client_address
from stratalab_hub.invite import main
from stratalab_hub.passwords import COST, PasswordRefused, hash_password, verify_password
from stratalab_hub.process_identity import start_ticks
from stratalab_hub.throttle import LONGEST_TABLE, WINDOW_SECONDS, Throttle

PASSWORD = "correct horse battery"


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time


def test_a_hash_holds_its_cost_and_a_salt_of_its_own() -> None:
    first, second = hash_password(PASSWORD), hash_password(PASSWORD)
    assert first != second
    assert first.startswith("scrypt$32768$8$1$")
    assert verify_password(PASSWORD, first)
    assert not verify_password(PASSWORD + "x", first)


def test_a_hash_of_another_cost_still_verifies() -> None:
    key = hashlib.scrypt(PASSWORD.encode(), salt=b"0" * 16, n=2**14, r=8, p=1, dklen=32)
    assert verify_password(PASSWORD, f"scrypt${2**14}$8$1${(b'0' * 16).hex()}${key.hex()}")


def test_an_unknown_name_costs_as_much_as_a_wrong_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    accounts = Accounts(tmp_path / "accounts.sqlite")
    accounts.set_password("ada", PASSWORD)
    costs: list[tuple[int, int, int]] = []
    derive = hashlib.scrypt
    monkeypatch.setattr(hashlib, "scrypt", lambda *words, **options: (costs.append((options["n"], options["r"], options["p"])), derive(*words, **options))[1])
    assert not accounts.verify("ada", "wrong password")
    assert not accounts.verify("nobody", "wrong password")
    assert costs == [(COST["n"], COST["r"], COST["p"])] * 2


def test_the_file_is_private_and_holds_neither_passwords_nor_tokens(tmp_path: Path) -> None:
    path = tmp_path / "accounts.sqlite"
    path.touch(0o644)
    accounts = Accounts(path)
    accounts.set_password("ada", PASSWORD)
    token, _ = accounts.invite("bob")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert PASSWORD.encode() not in path.read_bytes()
    assert token.encode() not in path.read_bytes()


def test_an_invitation_lives_72_hours(tmp_path: Path) -> None:
    clock = Clock()
    accounts = Accounts(tmp_path / "accounts.sqlite", clock)
    token, expires = accounts.invite("bob")
    assert expires - clock.time == INVITATION_SECONDS == 259_200
    clock.time = expires
    assert accounts.invited_name(token) == "bob"
    clock.time += 1
    assert accounts.invited_name(token) is None
    assert accounts.redeem(token, PASSWORD) is None
    assert not accounts.has_password("bob")


@pytest.mark.parametrize("password", ["", "nine char", "x" * 1025])
def test_passwords_that_are_too_short_or_too_long_are_refused(tmp_path: Path, password: str) -> None:
    with pytest.raises(PasswordRefused):
        Accounts(tmp_path / "accounts.sqlite").set_password("ada", password)


def test_attempts_are_counted_before_they_are_made_and_forgotten_after_five_minutes() -> None:
    clock = Clock()
    throttle = Throttle(2, clock)
    assert [throttle.take("ada") for _ in range(3)] == [True, True, False]
    assert throttle.take("bob")
    throttle.give_back("ada")
    assert throttle.take("ada")
    clock.time += WINDOW_SECONDS - 1
    assert not throttle.take("ada")
    clock.time += 1
    assert throttle.take("ada")
    throttle.forget("ada")
    assert [throttle.take("ada") for _ in range(3)] == [True, True, False]


def test_the_table_of_attempts_is_bounded() -> None:
    throttle = Throttle(1)
    for number in range(LONGEST_TABLE + 1):
        throttle.take(str(number))
    assert throttle.take("0"), "the key that rested longest was dropped"
    assert not throttle.take(str(LONGEST_TABLE))


@pytest.mark.parametrize(
    ("forwarded", "trusted", "address"),
    [
        ("10.0.0.1", (), "10.0.0.1"),
        ("6.6.6.6, 10.0.0.1", (), "10.0.0.1"),
        ("6.6.6.6, 10.0.0.1,::ffff:10.0.0.2", ("10.0.0.2",), "10.0.0.1"),
        ("10.0.0.2", ("10.0.0.2",), "10.0.0.2"),
        ("", (), "direct"),
        (" , ", (), "direct"),
    ],
)
def test_only_our_own_proxy_is_believed(forwarded: str, trusted: tuple[str, ...], address: str) -> None:
    assert client_address({"X-Forwarded-For": forwarded, "X-Real-Ip": "6.6.6.6"}, "direct", trusted) == address


def test_the_first_link_is_printed_until_a_password_is_set(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    environ = {"STRATALAB_DATA": str(tmp_path)}
    assert main(["--admin", "admin"], environ) == 0
    path, _, token = capsys.readouterr().out.strip().partition("#")
    assert path == "/hub/welcome"
    accounts = Accounts(tmp_path / "hub/accounts.sqlite")
    assert accounts.redeem(token, PASSWORD) == "admin"
    assert main(["admin"], environ) == 0
    assert capsys.readouterr().out == ""


def test_the_administrators_password_is_set_and_changed_from_the_environment(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    accounts = Accounts(tmp_path / "hub/accounts.sqlite")
    for password in (PASSWORD, "another long password"):
        assert main(["--admin", "admin"], {"STRATALAB_DATA": str(tmp_path), "STRATALAB_ADMIN_PASSWORD": password}) == 0
        assert accounts.verify("admin", password)
    assert main(["--admin", "admin"], {"STRATALAB_DATA": str(tmp_path), "STRATALAB_ADMIN_PASSWORD": "short"}) == 2
    out, complaint = capsys.readouterr()
    assert (out, complaint) == ("", "STRATALAB_ADMIN_PASSWORD: A password needs at least 10 characters.\n")


def test_the_command_says_what_it_needs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([], {}) == 2
    assert "STRATALAB_DATA" in capsys.readouterr().err


def test_a_process_is_told_from_a_later_one_with_its_number() -> None:
    own = start_ticks(os.getpid())
    assert own is not None
    assert own == start_ticks(os.getpid())
    assert own > (start_ticks(1) or 0)
    assert start_ticks(2**22 + 1) is None
