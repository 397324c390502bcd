"""The table of consumers is what the services really subscribe to."""

from pathlib import Path

import pytest

import gateway.bootstrap
import gateway.settings
import obligations.bootstrap
import obligations.settings
import policy_eval.bootstrap
import policy_eval.settings
from shared.contracts.events import CONSUMERS
from shared.messaging.broker import Subscription
from shared.messaging.memory import MemoryBroker

SERVICES = {
    "policy-eval": (policy_eval.bootstrap.create_app, policy_eval.settings.Settings),
    "obligations": (obligations.bootstrap.create_app, obligations.settings.Settings),
    "gateway": (gateway.bootstrap.create_app, gateway.settings.Settings),
}


class ListeningBroker(MemoryBroker):
    def __init__(self) -> None:
        super().__init__()
        self.subscriptions: list[Subscription] = []

    def subscribe(self, subscription: Subscription) -> None:
        self.subscriptions.append(subscription)


def test_every_consumer_of_the_table_is_a_service() -> None:
    assert set(SERVICES) == set(CONSUMERS)


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_service_subscribes_to_what_the_table_says(name: str, tmp_path: Path) -> None:
    create_app, settings = SERVICES[name]
    broker = ListeningBroker()
    values = {"broker_url": "", "internal_key": "k" * 32, "admin_key": "a" * 32, "blob_dir": tmp_path}
    database = f"sqlite+aiosqlite:///{tmp_path / 'x.sqlite'}"

    create_app(
        settings(database_url=database, **{k: v for k, v in values.items() if k in settings.model_fields}), broker
    )

    assert [(each.consumer, set(each.types)) for each in broker.subscriptions] == [(name, set(CONSUMERS[name]))]
