"""What the platform believes of devices, and how often it is right."""

from __future__ import annotations

from fota_sim.scenario.metric_list.metric import of_all, share_of_devices

BELIEFS = (
    share_of_devices(
        "success_as_platform_shows",
        "success rate as the platform shows it",
        "believed_upgraded",
        "shown_as_ended",
        "devices shown as Upgraded or Upgrade Failed",
    ),
    share_of_devices(
        "believed_not_upgraded",
        "believed upgraded, but not",
        "believed_wrongly",
        "believed_upgraded",
        "devices the platform believes upgraded",
        better="less",
    ),
    share_of_devices(
        "upgraded_not_believed",
        "upgraded, but not believed",
        "upgraded_unnoticed",
        "upgraded",
        "upgraded devices",
        better="less",
    ),
    of_all("belief_agreement", "platform is right about who is upgraded", "believed_rightly", better="more"),
)
"""In the order to show them."""
