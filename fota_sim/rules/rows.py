"""Parameter rows: flat float64 arrays that rules read by named position.

A row is what a schema object becomes for the rules: one radio, one module, one host, one delay. Flat arrays pass
from Python into compiled code in a fraction of a microsecond and stack into tables for the compiled engine.
Append only: positions are shared by every compiled rule.
"""

from __future__ import annotations

# --- radio row -------------------------------------------------------------------------------------------------
LAW = 0  # LAW_MCS, LAW_SHANNON, LAW_NB_IOT or LAW_TABLE
EFFICIENCY = 1  # share of the physical rate that carries the file (LAW_MCS)
MARGIN_DB = 2  # fading margin on the table's sensitivities (LAW_MCS)
BANDWIDTH_HZ = 3
NOISE_FIGURE_DB = 4
INTERFERENCE_DB = 5
ALPHA = 6  # Shannon efficiency
SHARE = 7  # share of the carrier one device gets (LAW_SHANNON)
SNR_MIN_DB = 8
RATE_CAP_BPS = 9
TRANSPORT_BLOCK_BITS = 10  # LAW_NB_IOT
GAP_S = 11  # three: scheduling gap per transport block at coverage level 0, 1, 2 (LAW_NB_IOT)
BLOCK_MODE = 14  # 1: a round trip per chunk; 0: a stream
CHUNK_B = 15
OVERHEAD = 16  # header bytes per payload byte
ROUND_TRIP_S = 17  # three, by coverage level: the median
COVERAGE_EDGE_DBM = 20  # two: below the first coverage level 1, the second 2; -inf: one only
S50_DBM = 22  # RSSI at which half of the chunks fail
WIDTH_DB = 23  # logistic scale of chunk failure over RSSI
P_FLOOR = 24  # chunk failure probability at a strong signal
RECOVERY_S = 25  # time to recover from one failed chunk
CHUNK_ATTEMPTS = 26  # consecutive failures of one chunk that break the download off
RESUME_S = 27  # time to be back on the network from deep sleep
CORRELATION_S = 28  # correlation time of the RSSI around its mean
READING_SD_DB = 29  # error of one RSSI reading
MAX_SEGMENTS = 30  # segments per file
CELL_LIMIT = 31  # three: concurrent downloads per cell at coverage level 0, 1, 2; inf: no limit
TABLE_POINTS = 34
TABLE_DBM = 35  # sixteen
TABLE_BPS = 51  # sixteen
CONNECT_DELAY = 67  # a delay row
SEGMENT_S = 72  # a file is not cut into segments shorter than this
NOISE_DBM = 73  # worked out of the above by rules.radio.complete, as are the next
RSRP_OFFSET_DB = 74  # RSSI less RSRP
TABLE_LOG_BPS = 75  # sixteen: natural logarithm of the table's rates
ROUND_TRIP_SIGMA = 91  # three, by coverage level: standard deviation of its logarithm; 0: always the median
ROUND_TRIP_MOST_S = 94
RADIO_ROW = 95

LAW_MCS, LAW_SHANNON, LAW_NB_IOT, LAW_TABLE = 0, 1, 2, 3

# --- module row ------------------------------------------------------------------------------------------------
SUPPLY_V = 0
I_RECEIVE_MA = 1
I_GAP_MA = 2  # connected, nothing on the air
I_TRANSMIT_0_MA = 3  # transmitting at 0 dBm
I_TRANSMIT_23_MA = 4  # transmitting at 23 dBm
TRANSMIT_DUTY = 5  # share of a download's air time spent transmitting
I_IDLE_MA = 6
I_SLEEP_MA = 7
V_MIN = 8
FLASH_WRITE_BPS = 9  # bytes per second while storing the download
FREE_FLASH_B = 10
BOOT_SCHEME = 11  # position in labels.BOOT_SCHEMES
APPLY_FIXED_S = 12
APPLY_BPS = 13  # bytes per second while applying
DELTA_EXPANSION = 14  # bytes written per byte of a delta package
BOOT_ATTEMPTS = 15
P_BRICK = 16  # given a power loss while flashing
P_VERIFY = 17
P_STORAGE = 18
POWER_CUTS_MAINS = 19  # per 30 days
POWER_CUTS_BATTERY = 20  # per 30 days
REBOOT_DELAY = 21  # a delay row
URL_DELAY = 26  # a delay row
I_FLASH_MA = 31  # extra current while flash is written
P_TRUNCATED = 32  # a download that breaks off is taken for complete
I_EDRX_MA = 33  # between the paging windows of eDRX
MODULE_ROW = 34

# --- delay row -------------------------------------------------------------------------------------------------
DELAY_KIND = 0
DELAY_A = 1
DELAY_B = 2
DELAY_MIN_S = 3
DELAY_MAX_S = 4
DELAY_ROW = 5

DELAY_CONSTANT, DELAY_UNIFORM, DELAY_NORMAL, DELAY_LOGNORMAL = 0, 1, 2, 3
