/* The rules of fota_sim/rules as C: keyed draws, radio, link, segment, connection, battery, flash.

   ROW_*, STREAM_* and CODE_* are the numbers of fota_sim/rules/rows.py, streams.py and codes.py; flow.py hands them to
   the compiler, so that they stand in one place. */

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#define FAR (INT64_C(1) << 60)

/* Keyed draws: Threefry-2x64-20. */

static int64_t blocks_drawn;

static inline uint64_t rotate_left(uint64_t x, int bits) { return x << bits | x >> (64 - bits); }

#define ROUND(bits) x0 += x1, x1 = rotate_left(x1, bits) ^ x0
#define FOUR_ROUNDS(a, b, c, d) ROUND(a), ROUND(b), ROUND(c), ROUND(d)

static inline void threefry(uint64_t c0, uint64_t c1, uint64_t k0, uint64_t k1, uint64_t out[2]) {
    uint64_t k2 = UINT64_C(0x1BD11BDAA9FC1A22) ^ k0 ^ k1;
    uint64_t x0 = c0 + k0, x1 = c1 + k1;
    FOUR_ROUNDS(16, 42, 12, 31);
    x0 += k1, x1 += k2 + 1;
    FOUR_ROUNDS(16, 32, 24, 21);
    x0 += k2, x1 += k0 + 2;
    FOUR_ROUNDS(16, 42, 12, 31);
    x0 += k0, x1 += k1 + 3;
    FOUR_ROUNDS(16, 32, 24, 21);
    x0 += k1, x1 += k2 + 4;
    FOUR_ROUNDS(16, 42, 12, 31);
    out[0] = x0 + k2, out[1] = x1 + k0 + 5;
}

static inline double to_unit(uint64_t word) {
    double u = ((double)(word >> 11) + 0.5) * (1.0 / 9007199254740992.0);
    return u < 0.9999999999999999 ? u : 0.9999999999999999;
}

typedef struct { double first, second; } pair;

static inline pair uniform_pair(uint64_t seed, uint64_t replication, uint64_t key, uint64_t stream, uint64_t counter) {
    uint64_t words[2];
    blocks_drawn++;
    threefry(key, counter, seed, replication << 32 | stream, words);
    return (pair){to_unit(words[0]), to_unit(words[1])};
}

static double polynomial(const double c[8], double r) {
    double value = c[7];
    for (int i = 6; i >= 0; i--) value = value * r + c[i];
    return value;
}

/* Algorithm AS 241, PPND16 (M. J. Wichura, 1988). */
static double normal_quantile(double p) {
    static const double a[8] = {3.387132872796366608,   133.14166789178437745, 1971.5909503065514427,
                                13731.693765509461125,  45921.953931549871457, 67265.770927008700853,
                                33430.575583588128105,  2509.0809287301226727};
    static const double b[8] = {1.0,                    42.313330701600911252, 687.1870074920579083,
                                5394.1960214247511077,  21213.794301586595867, 39307.89580009271061,
                                28729.085735721942674,  5226.495278852545925};
    static const double c[8] = {1.42343711074968357734, 4.6303378461565452959,  5.7694972214606914055,
                                3.64784832476320460504, 1.27045825245236838258, 0.24178072517745061177,
                                0.0227238449892691845833, 7.7454501427834140764e-4};
    static const double d[8] = {1.0,                    2.05319162663775882187, 1.6763848301838038494,
                                0.68976733498510000455, 0.14810397642748007459, 0.0151986665636164571966,
                                5.475938084995344946e-4, 1.05075007164441684324e-9};
    static const double e[8] = {6.6579046435011037772,  5.4637849111641143699,  1.7848265399172913358,
                                0.29656057182850489123, 0.026532189526576123093, 0.0012426609473880784386,
                                2.71155556874348757815e-5, 2.01033439929228813265e-7};
    static const double f[8] = {1.0,                    0.59983220655588793769, 0.13692988092273580531,
                                0.0148753612908506148525, 7.868691311456132591e-4, 1.8463183175100546818e-5,
                                1.4215117583164458887e-7, 2.04426310338993978564e-15};
    double q = p - 0.5;
    if (fabs(q) <= 0.425) {
        double r = 0.180625 - q * q;
        return q * polynomial(a, r) / polynomial(b, r);
    }
    double r = sqrt(-log(q < 0.0 ? p : 1.0 - p));
    double z = r <= 5.0 ? polynomial(c, r - 1.6) / polynomial(d, r - 1.6) : polynomial(e, r - 5.0) / polynomial(f, r - 5.0);
    return q < 0.0 ? -z : z;
}

static int64_t poisson(double mean, double u) {
    if (u <= 1.0 - mean) return 0;
    if (mean > 60.0) {
        double value = floor(mean + sqrt(mean) * normal_quantile(u) + 0.5);
        return value > 0.0 ? (int64_t)value : 0;
    }
    double term = exp(-mean), total = term;
    int64_t k = 0;
    while (u > total && k < 1000) {
        k++;
        term = term * mean / (double)k;
        total += term;
    }
    return k;
}

/* Delays. */

static inline int64_t to_ms(double seconds) {
    int64_t ms = (int64_t)floor(seconds * 1000.0 + 0.5);
    return ms > 1 ? ms : 1;
}

static double delay_s(const double *row, double u) {
    double a = row[ROW_DELAY_A], b = row[ROW_DELAY_B], value;
    int kind = (int)row[ROW_DELAY_KIND];
    if (kind == ROW_DELAY_CONSTANT) return a;
    if (kind == ROW_DELAY_UNIFORM) value = a + (b - a) * u;
    else if (kind == ROW_DELAY_NORMAL) value = a + b * normal_quantile(u);
    else value = a * exp(b * normal_quantile(u));
    return fmax(row[ROW_DELAY_MIN_S], fmin(row[ROW_DELAY_MAX_S], value));
}

/* Radio and link. */

static double shadowing_dB(double before_dB, double elapsed_s, double sd_dB, double correlation_s, double z) {
    double r = exp(-elapsed_s / correlation_s);
    return r * before_dB + sqrt(1.0 - r * r) * sd_dB * z;
}

static inline int coverage_level(const double *radio, double rssi_dBm) {
    if (rssi_dBm < radio[ROW_COVERAGE_EDGE_DBM + 1]) return 2;
    return rssi_dBm < radio[ROW_COVERAGE_EDGE_DBM] ? 1 : 0;
}

static double interpolated_bps(const double *radio, double rssi_dBm) {
    int points = (int)radio[ROW_TABLE_POINTS];
    if (rssi_dBm < radio[ROW_TABLE_DBM]) return 0.0;
    for (int i = 1; i < points; i++) {
        double high_dBm = radio[ROW_TABLE_DBM + i];
        if (rssi_dBm <= high_dBm) {
            double low_dBm = radio[ROW_TABLE_DBM + i - 1];
            double low = radio[ROW_TABLE_LOG_BPS + i - 1], high = radio[ROW_TABLE_LOG_BPS + i];
            return exp(low + (high - low) * (rssi_dBm - low_dBm) / (high_dBm - low_dBm));
        }
    }
    return radio[ROW_TABLE_BPS + points - 1];
}

static double rate_bps(const double *radio, double rssi_dBm) {
    int law = (int)radio[ROW_LAW];
    double rate = 0.0;
    if (law == ROW_LAW_MCS) {
        for (int i = 0; i < (int)radio[ROW_TABLE_POINTS]; i++)
            if (rssi_dBm >= radio[ROW_TABLE_DBM + i] + radio[ROW_MARGIN_DB]) rate = radio[ROW_TABLE_BPS + i];
        rate *= radio[ROW_EFFICIENCY];
    } else if (law == ROW_LAW_SHANNON) {
        double snr_dB = rssi_dBm - radio[ROW_NOISE_DBM];
        if (snr_dB < radio[ROW_SNR_MIN_DB]) return 0.0;
        rate = radio[ROW_SHARE] * radio[ROW_ALPHA] * radio[ROW_BANDWIDTH_HZ] * log2(1.0 + pow(10.0, snr_dB / 10.0));
    } else if (law == ROW_LAW_NB_IOT) {
        double physical = interpolated_bps(radio, rssi_dBm), block = radio[ROW_TRANSPORT_BLOCK_BITS];
        if (physical <= 0.0) return 0.0;
        rate = 0.9 * block / (block / physical + radio[ROW_GAP_S + coverage_level(radio, rssi_dBm)]);
    } else {
        rate = interpolated_bps(radio, rssi_dBm);
    }
    return fmin(rate, radio[ROW_RATE_CAP_BPS]);
}

static inline double air_s(const double *radio, double size_B, double bps) {
    return 8.0 * size_B * (1.0 + radio[ROW_OVERHEAD]) / bps;
}

static double round_trip_s(const double *radio, int level, double z) {
    double sigma = radio[ROW_ROUND_TRIP_SIGMA + level], median_s = radio[ROW_ROUND_TRIP_S + level];
    return sigma <= 0.0 ? median_s : fmin(radio[ROW_ROUND_TRIP_MOST_S], median_s * exp(sigma * z));
}

static double chunk_s(const double *radio, double size_B, double bps, double flash_Bps, double trip_s) {
    double on_air_s = air_s(radio, size_B, bps), flash_s = size_B / flash_Bps;
    if (radio[ROW_BLOCK_MODE] > 0.0) return on_air_s + trip_s + flash_s;
    return fmax(on_air_s, flash_s);
}

static double chunk_failure(const double *radio, double rssi_dBm) {
    double p0 = radio[ROW_P_FLOOR];
    return p0 + (1.0 - p0) / (1.0 + exp((rssi_dBm - radio[ROW_S50_DBM]) / radio[ROW_WIDTH_DB]));
}

static inline int64_t chunks_of(const double *radio, int64_t size_B) {
    int64_t chunk = (int64_t)radio[ROW_CHUNK_B];
    return (size_B + chunk - 1) / chunk;
}

static int64_t segments_of(const double *radio, double rssi_dBm, int64_t size_B, double share_bps, double flash_Bps,
                           double trip_s) {
    double bps = fmin(rate_bps(radio, rssi_dBm), share_bps);
    if (bps <= 0.0) return 1;
    int64_t chunks = chunks_of(radio, size_B), most = (int64_t)radio[ROW_MAX_SEGMENTS];
    if (chunks < most) most = chunks;
    double whole_s = (double)chunks * chunk_s(radio, radio[ROW_CHUNK_B], bps, flash_Bps, trip_s);
    if (whole_s >= (double)most * radio[ROW_SEGMENT_S]) return most;
    int64_t count = (int64_t)ceil(whole_s / radio[ROW_SEGMENT_S]);
    return count > 1 ? count : 1;
}

static int64_t segment_end_B(const double *radio, int64_t size_B, int64_t segment, int64_t segments) {
    int64_t end_B = (segment + 1) * chunks_of(radio, size_B) / segments * (int64_t)radio[ROW_CHUNK_B];
    return end_B < size_B ? end_B : size_B;
}

static bool too_slow(const double *radio, double rssi_dBm, double flash_Bps, double patience_s) {
    if (radio[ROW_BLOCK_MODE] > 0.0) return false;
    double bps = rate_bps(radio, rssi_dBm);
    return bps <= 0.0 || chunk_s(radio, radio[ROW_CHUNK_B], bps, flash_Bps, 0.0) > patience_s;
}

/* One segment of a download. */

typedef struct { double seconds, on_air_s; int64_t sent_B; bool broken; } segment_result;

static segment_result play_segment(const double *radio, double rssi_dBm, int64_t size_B, double share_bps,
                                   double flash_Bps, double trip_s, pair u) {
    int attempts = (int)radio[ROW_CHUNK_ATTEMPTS];
    double bps = fmin(rate_bps(radio, rssi_dBm), share_bps);
    if (bps <= 0.0) return (segment_result){attempts * radio[ROW_RECOVERY_S], 0.0, 0, true};
    double chunk_B = fmin((double)size_B, radio[ROW_CHUNK_B]);
    int64_t chunks = (int64_t)ceil((double)size_B / chunk_B), whole = chunks, failures;
    double one_s = chunk_s(radio, chunk_B, bps, flash_Bps, trip_s);
    double p = chunk_failure(radio, rssi_dBm), p_break = 1.0, weight = 0.0, total = 0.0, power = 1.0;
    bool broken = false;
    for (int k = 0; k < attempts; k++) {
        p_break *= p;
        weight += power;
        total += k * power;
        power *= p;
    }
    if (p_break >= 1.0) {
        whole = 0;
        broken = true;
    } else if ((1.0 - u.first) * (1.0 - p_break) < (double)chunks * p_break) {
        double before = log(u.first) / log1p(-p_break);
        if (before < (double)chunks) {
            whole = (int64_t)before;
            broken = true;
        }
    }
    if (chunks == 1 && !broken) {
        double sum = 0.0;
        power = 1.0;
        for (failures = 0; failures < attempts - 1; failures++) {
            sum += power;
            if (u.second * weight <= sum) break;
            power *= p;
        }
    } else {
        failures = poisson((double)whole * total / weight, u.second);
    }
    if (broken) failures += attempts;
    double done_B = whole == chunks ? (double)size_B : (double)whole * chunk_B;
    double seconds = one_s * done_B / chunk_B + (double)failures * (0.5 * one_s + radio[ROW_RECOVERY_S]);
    double sent_B = done_B + 0.5 * (double)failures * chunk_B;
    return (segment_result){seconds, fmin(seconds, air_s(radio, sent_B, bps)), (int64_t)sent_B, broken};
}

/* Registering. */

enum { TRIES = 6 };

static double connect_s(const double *radio, double rssi_dBm, bool resumes, pair u, bool *connected) {
    double once_s = resumes ? radio[ROW_RESUME_S] : delay_s(radio + ROW_CONNECT_DELAY, u.first);
    double p = chunk_failure(radio, rssi_dBm), again_s = once_s + radio[ROW_RECOVERY_S];
    double failed = TRIES + 1;
    if (rate_bps(radio, rssi_dBm) > 0.0 && p < 1.0) failed = floor(fmin(failed, log(u.second) / log(p)));
    *connected = failed <= TRIES;
    return *connected ? once_s + failed * again_s : (TRIES + 1) * again_s;
}

/* Battery. */

static const double CHARGE[12] = {0.0, 0.05, 0.10, 0.20, 0.30, 0.40, 0.50, 0.60, 0.70, 0.80, 0.90, 1.0};
static const double OPEN_CIRCUIT_V[3][12] = {
    {3.00, 3.45, 3.68, 3.74, 3.77, 3.79, 3.82, 3.87, 3.92, 3.98, 4.06, 4.20},
    {3.00, 3.45, 3.68, 3.74, 3.77, 3.79, 3.82, 3.87, 3.92, 3.98, 4.06, 4.20},
    {2.00, 3.00, 3.35, 3.60, 3.60, 3.60, 3.60, 3.60, 3.60, 3.60, 3.60, 3.60},
};

static double open_circuit_V(int chemistry, double charge) {
    const double *volts = OPEN_CIRCUIT_V[chemistry];
    if (charge <= 0.0) return volts[0];
    for (int i = 1; i < 12; i++)
        if (charge <= CHARGE[i])
            return volts[i - 1] + (volts[i] - volts[i - 1]) * (charge - CHARGE[i - 1]) / (CHARGE[i] - CHARGE[i - 1]);
    return volts[11];
}

static double loaded_V(int chemistry, double charge, double current_mA, double resistance_ohm, double temperature_C) {
    double cold = temperature_C >= 20.0 ? 1.0 : 1.0 + 2.0 * (20.0 - temperature_C) / 40.0;
    return open_circuit_V(chemistry, charge) - current_mA / 1000.0 * resistance_ohm * cold;
}

static double usable_capacity_mAh(int chemistry, double capacity_mAh, double temperature_C) {
    if (chemistry == 2 || temperature_C >= 20.0) return capacity_mAh;
    if (temperature_C >= 0.0) return capacity_mAh * (0.85 + 0.15 * temperature_C / 20.0);
    return capacity_mAh * fmax(0.5, 0.85 + 0.20 * temperature_C / 20.0);
}

static double transmit_mA(const double *radio, const double *module, double rssi_dBm) {
    double above_dB = rssi_dBm - radio[ROW_RSRP_OFFSET_DB] + 100.0;
    double power_dBm = fmax(0.0, fmin(23.0, 23.0 - fmax(0.0, above_dB)));
    double span_mA = module[ROW_I_TRANSMIT_23_MA] - module[ROW_I_TRANSMIT_0_MA];
    double share = power_dBm == 23.0 ? 1.0 : pow(10.0, (power_dBm - 23.0) / 15.0);
    return module[ROW_I_TRANSMIT_0_MA] + span_mA * share;
}

static double download_mA(const double *module, double peak_mA, double seconds, double on_air_s, int64_t lasts_ms) {
    double duty = module[ROW_TRANSMIT_DUTY];
    double air_mA = (1.0 - duty) * module[ROW_I_RECEIVE_MA] + duty * peak_mA;
    double wait_mA = (1.0 - 0.05) * module[ROW_I_GAP_MA] + 0.05 * peak_mA;
    return (on_air_s * air_mA + (seconds - on_air_s) * wait_mA) * 1000.0 / (double)lasts_ms;
}

/* For how many ms a constant current flows; no more is taken than there is. */
static double left_after(double *left_uC, double drain_mA, int64_t elapsed_ms) {
    double before_uC = *left_uC, taken_uC = drain_mA * (double)elapsed_ms;
    if (taken_uC <= before_uC) {
        *left_uC = before_uC - taken_uC;
        return (double)elapsed_ms;
    }
    *left_uC = 0.0;
    return before_uC / drain_mA;
}

/* The first millisecond that a battery does not live through under a constant current. */
static int64_t empty_at_ms(int64_t now_ms, double left_uC, double drain_mA) {
    if (left_uC <= 0.0) return now_ms;
    if (drain_mA * 1e15 <= left_uC) return FAR;
    return now_ms + (int64_t)ceil(left_uC / drain_mA);
}

/* Flash and supply. */

static int64_t next_power_cut_ms(int64_t after_ms, double per_30_days, double u) {
    if (per_30_days <= 0.0) return FAR;
    return after_ms + (int64_t)fmin(-log(u) / per_30_days * 30.0 * 86400.0 * 1000.0, 1e17) + 1;
}
