"""The filesystem broker only wakes workers up: whatever lies in its folder, a worker goes on."""

import pytest
from kombu import Connection, Queue


@pytest.fixture
def connection(tmp_path):
    folders = {name: str(tmp_path) for name in ("data_folder_in", "data_folder_out", "control_folder")}
    with Connection("filesystem://", transport_options=folders) as connection:
        yield connection


def test_the_broker_in_use_is_ours(connection):
    assert type(connection.transport).__module__ == "config.broker"


def test_a_message_without_content_is_passed_over(connection, tmp_path):
    queue = connection.SimpleQueue("work")
    (tmp_path / "1_x.work.msg").touch()
    with pytest.raises(queue.Empty):
        queue.get(block=False)
    queue.put({"n": 1})
    assert queue.get(block=False).payload == {"n": 1}


def test_a_table_that_another_process_is_writing_is_no_error(connection, tmp_path):
    connection.SimpleQueue("work").put({"n": 1})
    (tmp_path / "work.exchange").write_text("")
    channel = connection.channel()
    assert channel.get_table("work") == []
    assert Queue("work")(channel).queue_declare()
