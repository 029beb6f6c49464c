"""The log on Kafka, real or in-process; the one door to aiokafka.

aiokafka's defaults lose data (acks=1, no idempotence, latest offsets, auto commit): all four are
set here. Its idempotent producer never times out by itself, so a deadline stands around it.
"""

from shared.kafka.connection import connection_options, our_errors
from shared.kafka.log import KafkaLog
from shared.kafka.publisher import KafkaPublisher

__all__ = ["KafkaLog", "KafkaPublisher", "connection_options", "our_errors"]
