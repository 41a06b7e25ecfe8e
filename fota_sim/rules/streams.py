"""Stream numbers of the keyed draws: what a draw is for. Append only; a number is never used for anything else."""

from __future__ import annotations

FLEET_RSSI = 1
FLEET_RSSI_MIX = 2
FLEET_BATTERY = 3
FLEET_BATTERY_MIX = 4
FLEET_CAPACITY = 5
FLEET_TEMPERATURE = 6
FLEET_MAINS = 7
FLEET_HARDWARE = 8
FLEET_FIRMWARE = 9
FLEET_MCU = 10  # counter: position of the component
FLEET_CELL = 11
FLEET_ZONE = 12
FLEET_GONE = 13
FLEET_CHURN = 14
FLEET_UNKNOWN_RSSI = 15
FLEET_UNKNOWN_BATTERY = 16
FLEET_ATTRIBUTE = 17  # counter: position of the attribute

CONTACT_FIRST = 32
CONTACT_JITTER = 33  # counter: number of the contact
CONNECT = 34  # counter: number of the try
SHADOWING = 35  # counter: number of the step
READING = 36  # counter: number of the reading
CONFIRM = 37  # counter: number of the offer
IGNORE = 38  # counter: number of the offer
USER_CONFIRM = 39
URL_TO_START = 40  # counter: number of the segment over all downloads
SEGMENT = 41  # counter: number of the segment over all downloads
SEGMENT_DELAY = 42  # not drawn any more: a segment's two draws come from one block
STORAGE = 43  # counter: number of the attempt
VERIFY = 44  # counter: number of the attempt
POWER_CUT = 45  # counter: number of the exposure
POWER_CUT_TIME = 46  # counter: the same
BRICK = 47  # counter: number of the power loss while flashing, over all attempts
REBOOT = 48  # counter: number of the reboot
DEFECT = 49  # counter: position of the defect
DEFECT_TIME = 50  # counter: position of the defect
MCU_FLASH = 51  # counter: number of the attempt
USER_WILLING = 52
JOINS = 53
RELEASE_ORDER = 54
RETRY_JITTER = 55  # counter: number of the failure; 0 where the jitter is the device's own
TRUNCATED = 56  # counter: number of the segment over all downloads
FAULTY = 57
URC_FAULT = 58  # counter: number of the URC
DOWNLOAD_FAULT = 59  # counter: number of the download
BLOCK_FAULT = 60  # counter: number of the block
EDRX_PHASE = 61
ROUND_TRIP = 62  # counter: number of the try to connect

LEARNT = 96  # counter: number of the draw; of no device
