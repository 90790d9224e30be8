"""Servers that name one Redis count the requests of a client together, in a real Redis."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from assistant import SettingsError, StorageError, load_settings
from assistant.web.middleware.rates import open_rate
from assistant.web.middleware.redis_rates import RedisRate
from tests.waiting import wait_for
from tests.web.test_nginx import free_port


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("no Redis on this machine: its package is called redis-server")
    port = free_port()
    options = ["--port", str(port), "--save", "", "--appendonly", "no", "--requirepass", "secret"]
    process = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)
    address = f"redis://:secret@127.0.0.1:{port}"

    def answers() -> bool:
        with suppress(StorageError):
            return RedisRate(address, "started", "9/second").take("a") == 0
        return False

    try:
        wait_for(answers, 20)
        yield address
    finally:
        process.terminate()
        process.wait(30)


def test_a_client_has_one_limit_at_all_servers(address: str) -> None:
    rates = [RedisRate(address, "requests", "3/minute") for _ in range(2)]
    waits = [rates[number % 2].take("a") for number in range(4)]
    assert waits[:3] == [0, 0, 0]
    assert 55 <= waits[3] <= 60
    assert rates[0].take("b") == 0
    assert RedisRate(address, "password", "3/minute").take("a") == 0


def test_a_refused_client_may_come_back(address: str) -> None:
    rates = [RedisRate(address, "again", "3/second") for _ in range(2)]
    while not rates[0].take("a"):
        pass
    time.sleep(1.1)
    assert rates[1].take("a") == 0


def test_the_settings_name_it(address: str) -> None:
    rate = open_rate(load_settings(limits_redis=address), "named", "1/minute")
    assert isinstance(rate, RedisRate)
    assert rate.take("a") == 0
    assert rate.take("a") > 0


def test_a_redis_that_is_away_is_an_error_without_its_password() -> None:
    rate = RedisRate("redis://:secret@127.0.0.1:1", "requests", "3/minute")
    with pytest.raises(StorageError, match=r"redis://127\.0\.0\.1 cannot be used") as caught:
        rate.take("a")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("address", ["localhost:6379", "http://host", ""])
def test_another_address_is_refused(address: str) -> None:
    with pytest.raises(SettingsError, match="ASSISTANT_LIMITS_REDIS"):
        RedisRate(address, "requests", "3/minute")
