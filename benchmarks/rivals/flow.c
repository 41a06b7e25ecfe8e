/* The rollout of scenarios/mixed_40000.yaml as a C programmer writes it: one struct a device, one binary heap of
   (time, device), one heap event a step. Built, fed and read by flow.py.

   It follows docs/model.md without texts, logs, lists, several components, MCUs, manual plans or operators.
   Usage: flow INPUT. Prints a JSON object; only the simulation is timed, not reading the input. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "rules.h"

/* Input: one plan_t, then radio, module, host delay rows, contact_t rows, fleet_row rows (flow.py). */

typedef struct {
    int64_t devices, radios, modules, hosts, contacts, cells;
    int64_t seed, replication, horizon_ms, hold_ms, retries, retry_delay_ms, min_battery_pct, min_signal_dBm;
    int64_t max_failures, url_ms, first_progress_ms, flash_delay_ms, command_ms, patience_ms, size_B;
    double egress_bps, connections, first_progress_s;
} plan_t;

typedef struct { int64_t wakes, linger_ms, request_every_ms; double spread_s, every_s, jitter_s; } contact_t;

typedef struct {
    uint64_t key;
    double mean_dBm, sd_dB, temperature_C, capacity_mAh, resistance_ohm, self_discharge, charge;
    int64_t dies_ms;
    int32_t contact, module, radio, host, cell, chemistry;
    uint8_t mains, rssi_known, battery_known, at_csq, at_cbc, on_target, gone;
} fleet_row;

static plan_t plan;
static double *radios, *modules, *delays;
static contact_t *contacts;
static fleet_row *fleet;

/* A device. */

enum { NO_PLAN, PLAN_RECEIVED, SUBMITTED, DOWNLOADING, DOWNLOAD_ERROR, UPDATING, UPDATE_SUCCESS, UPDATE_ERROR };
enum { UNKNOWN = -1000, CSQ_FLOOR_DBM = -113, PUSH_GRID_MS = 600000, REOPEN_MS = 1800000 };

typedef struct {
    fleet_row is;
    const double *radio, *module;
    /* body */
    double capacity_uC, left_uC, self_mA, base_mA, load_mA, drained_uC, shadow_dB, cuts_per_30_days;
    int64_t shadow_ms, settled_ms, next_cut_ms, empty_ms, empty_event_ms;
    int32_t shadow_steps, readings, cuts;
    /* modem */
    int32_t connections, reboots, flashes, losses;
    int64_t connect_ms;
    double trip_z, trip_s;
    int32_t trip_level; /* that trip_s is of; -1: none yet */
    uint16_t run;
    bool powered, online, reachable, resumes, connects;
    /* download */
    double first_dBm;
    int64_t at_B, sent_B, segment_ms, lasts_ms;
    int32_t segments, index, count, row, ticket, place, level, held;
    bool running, in_line, broken, cut;
    /* upgrade */
    int32_t state, saved_state, failures, tries, last_error, waiting_state;
    bool url_timer, writing, unfinished;
    /* host */
    int64_t first_ms, contact_ms, heard_ms, asked_ms, until_ms, patience_ms;
    int32_t number, battery_pct, signal_dBm, known_signal_dBm;
    bool asked, busy, listening, offer_waits, over;
    /* platform */
    int64_t offered_ms, hold_ms, tick_ms;
    int32_t record_failures, attempts, offers;
    bool heard, confirmed, done, given_up, url_due;
    /* story */
    double energy_J, attempt_energy_J, wasted_energy_J;
    int64_t bytes_sent, attempt_sent_B, bytes_wasted;
    int64_t first_contact_ms, confirmed_ms, download_start_ms, downloaded_ms, upgraded_ms, finished_ms;
    int32_t contacts, refusals, refusal, failure, download_failures;
    bool on_target, bricked, lost, rolled_back;
} device_t;

static device_t *devices;

typedef struct { int64_t start_ms, end_ms, sent_B; int32_t device; } download_t;
static download_t *downloads;
static int64_t downloads_used, downloads_room;

/* The heap. */

typedef enum {
    WAKE, REGISTERED, CONNECTED, RECONNECT, ASKED, OFFER, CONFIRM, BATTERY_READ, SIGNAL_READ, ANSWERED, ADDRESS, ACT,
    URL_TIMER, PLACE, SEGMENT, TOO_SLOW, FLASH, FLASHED, FLASH_AGAIN, BOOTED, RETRY, TICK, PATIENCE, DIES, EMPTY
} kind_t;

typedef struct { int64_t at_ms; int32_t device; uint16_t kind, run; } event_t;

static event_t *heap;
static int64_t heap_size, heap_room, events_played;

static inline bool before(event_t a, event_t b) {
    return a.at_ms < b.at_ms || (a.at_ms == b.at_ms && a.device < b.device);
}

static void push(device_t *d, int64_t at_ms, kind_t kind) {
    if (heap_size == heap_room) heap = realloc(heap, sizeof(event_t) * (size_t)(heap_room *= 2));
    event_t event = {at_ms, (int32_t)(d - devices), (uint16_t)kind, d->run};
    int64_t row = heap_size++;
    while (row > 0) {
        int64_t parent = (row - 1) / 2;
        if (!before(event, heap[parent])) break;
        heap[row] = heap[parent];
        row = parent;
    }
    heap[row] = event;
}

static event_t pop(void) {
    event_t first = heap[0], last = heap[--heap_size];
    int64_t row = 0;
    for (;;) {
        int64_t child = 2 * row + 1;
        if (child >= heap_size) break;
        if (child + 1 < heap_size && before(heap[child + 1], heap[child])) child++;
        if (!before(heap[child], last)) break;
        heap[row] = heap[child];
        row = child;
    }
    heap[row] = last;
    return first;
}

/* Body: signal, battery, supply. */

static inline pair draw_pair(device_t *d, int stream, int64_t counter) {
    return uniform_pair((uint64_t)plan.seed, (uint64_t)plan.replication, d->is.key, (uint64_t)stream, (uint64_t)counter);
}

static inline double draw(device_t *d, int stream, int64_t counter) { return draw_pair(d, stream, counter).first; }

static double rssi_dBm(device_t *d, int64_t now) {
    int64_t elapsed_ms = now - d->shadow_ms;
    if (elapsed_ms > 0) {
        double z = normal_quantile(draw(d, STREAM_SHADOWING, ++d->shadow_steps));
        double elapsed_s = (double)elapsed_ms / 1000.0;
        d->shadow_dB = shadowing_dB(d->shadow_dB, elapsed_s, d->is.sd_dB, d->radio[ROW_CORRELATION_S], z);
        d->shadow_ms = now;
    }
    return d->is.mean_dBm + d->shadow_dB;
}

static int reading_dBm(device_t *d, int64_t now) {
    if (!d->is.rssi_known) return UNKNOWN;
    double error_dB = d->radio[ROW_READING_SD_DB] * normal_quantile(draw(d, STREAM_READING, ++d->readings));
    double read_dBm = rssi_dBm(d, now) + error_dB;
    if (!d->is.at_csq) return (int)floor(read_dBm + 0.5);
    int index = (int)floor((read_dBm - CSQ_FLOOR_DBM) / 2.0 + 0.5);
    return CSQ_FLOOR_DBM + 2 * (index < 0 ? 0 : index > 31 ? 31 : index);
}

/* Take what was drawn since the last time, and count the energy of the update's work. */
static void settle(device_t *d, int64_t now) {
    int64_t elapsed_ms = now - d->settled_ms;
    if (elapsed_ms <= 0) return;
    d->settled_ms = now;
    double lasted_ms = (double)elapsed_ms;
    if (!d->is.mains) {
        double draws_mA = d->base_mA + d->load_mA;
        lasted_ms = left_after(&d->left_uC, draws_mA + d->self_mA, elapsed_ms);
        d->drained_uC += draws_mA * lasted_ms;
    }
    if (d->load_mA > 0.0) {
        double energy_J = d->load_mA * lasted_ms * 1e-6 * d->module[ROW_SUPPLY_V];
        d->energy_J += energy_J;
        d->attempt_energy_J += energy_J;
    }
}

/* When the battery will be empty, should nothing change; an event that comes too early is queued anew. */
static void foresee(device_t *d, int64_t now) {
    if (d->is.mains) return;
    d->empty_ms = empty_at_ms(now, d->left_uC, d->base_mA + d->load_mA + d->self_mA);
    if (d->empty_ms < plan.horizon_ms && d->empty_ms < d->empty_event_ms) {
        d->empty_event_ms = d->empty_ms;
        push(d, d->empty_ms, EMPTY);
    }
}

/* From now on the device's state draws so much, and nothing works for the update. */
static void rests(device_t *d, int64_t now, double current_mA) {
    if (d->is.mains && d->load_mA == 0.0) return;
    settle(d, now);
    d->base_mA = current_mA;
    d->load_mA = 0.0;
    foresee(d, now);
}

/* From now on the update's work draws so much on top of that. */
static void works(device_t *d, int64_t now, double load_mA) {
    settle(d, now);
    d->load_mA = load_mA;
    foresee(d, now);
}

static inline double charge(const device_t *d) { return d->left_uC / d->capacity_uC; }

static int battery_pct(device_t *d, int64_t now) {
    if (!d->is.battery_known) return UNKNOWN;
    settle(d, now);
    return d->is.mains ? 100 : (int)(charge(d) * 100.0 + 0.5);
}

static bool browns_out(device_t *d, double current_mA) {
    if (d->is.mains) return false;
    double volts = loaded_V(d->is.chemistry, charge(d), current_mA, d->is.resistance_ohm, d->is.temperature_C);
    return volts < d->module[ROW_V_MIN];
}

static void next_cut(device_t *d, int64_t after_ms) {
    d->next_cut_ms = next_power_cut_ms(after_ms, d->cuts_per_30_days, draw(d, STREAM_POWER_CUT, d->cuts++));
}

/* When power fails in the next lasts_ms while drawing current_mA, in ms from now; lasts_ms and no cut if it does not. */
static int64_t powered_for_ms(device_t *d, int64_t now, int64_t lasts_ms, double current_mA) {
    while (d->next_cut_ms <= now) next_cut(d, d->next_cut_ms);
    d->cut = d->next_cut_ms <= now + lasts_ms;
    int64_t after_ms = d->cut ? d->next_cut_ms - now : lasts_ms;
    if (browns_out(d, current_mA)) {
        d->cut = true;
        after_ms = 1;
    }
    return after_ms;
}

/* Story. */

static void attempt_over(device_t *d) {
    d->attempt_sent_B = 0;
    d->attempt_energy_J = 0.0;
}

static void attempt_failed(device_t *d, int cause) {
    if (!d->given_up) {
        d->failure = cause;
        d->rolled_back = false;
    }
    d->bytes_wasted += d->attempt_sent_B;
    d->wasted_energy_J += d->attempt_energy_J;
    attempt_over(d);
}

static inline bool settled(device_t *d) { return d->done || d->given_up; }

/* Network: places at the server and in cells, with lines. */

typedef struct { int32_t taken, head, tail; } places_t;
typedef struct { int32_t device, ticket, next; } waiting_t;

static places_t *places;
static waiting_t *line;
static int32_t line_used, line_room, line_free = -1;

static inline double share_bps(void) { return plan.egress_bps / (places[0].taken > 1 ? places[0].taken : 1); }

static void line_up(places_t *p, device_t *d) {
    int32_t row = line_free;
    if (row >= 0) {
        line_free = line[row].next;
    } else {
        if (line_used == line_room) line = realloc(line, sizeof(waiting_t) * (size_t)(line_room *= 2));
        row = line_used++;
    }
    line[row] = (waiting_t){(int32_t)(d - devices), d->ticket, -1};
    if (p->head < 0) p->head = row;
    else line[p->tail].next = row;
    p->tail = row;
    d->in_line = true;
}

static bool enter(device_t *d) {
    while (d->held < 2) {
        places_t *p = &places[d->held == 0 ? 0 : d->place];
        double limit = d->held == 0 ? plan.connections : d->radio[ROW_CELL_LIMIT + d->level];
        if (p->taken >= limit) {
            line_up(p, d);
            return false;
        }
        p->taken++;
        d->held++;
    }
    return true;
}

static void give_back(places_t *p, int64_t now) {
    while (p->head >= 0) {
        int32_t row = p->head;
        waiting_t waiting = line[row];
        p->head = waiting.next;
        line[row].next = line_free;
        line_free = row;
        device_t *other = &devices[waiting.device];
        if (other->in_line && other->ticket == waiting.ticket) {
            other->in_line = false;
            other->held++;
            push(other, now, PLACE);
            return;
        }
    }
    p->taken--;
}

/* What the segment came to by now; it may be at its end or be broken off. */
static void end_segment(device_t *d, int64_t now) {
    if (d->segment_ms < 0) return;
    int64_t played_ms = now - d->segment_ms;
    d->segment_ms = -1;
    settle(d, now);
    int64_t sent_B = d->sent_B;
    if (played_ms < d->lasts_ms) sent_B = (int64_t)((double)sent_B * ((double)played_ms / (double)d->lasts_ms));
    downloads[d->row].sent_B += sent_B;
    d->bytes_sent += sent_B;
    d->attempt_sent_B += sent_B;
}

static void end_fetch(device_t *d, int64_t now) {
    if (d->running) {
        end_segment(d, now);
        works(d, now, 0.0);
        downloads[d->row].end_ms = now;
        d->running = false;
    }
    d->ticket++;
    d->in_line = false;
    while (d->held > 0) {
        d->held--;
        give_back(&places[d->held == 0 ? 0 : d->place], now);
    }
}

/* Upgrade, platform and host call each other. */

static void listen(device_t *d, int64_t now);

static void enter_state(device_t *d, int state) { d->state = d->saved_state = state; }

static void hear(device_t *d, int64_t now) {
    d->heard_ms = now;
    if (d->listening) listen(d, now);
}

/* Platform. */

static double trip_s(device_t *d, double dBm) {
    int32_t level = coverage_level(d->radio, dBm);
    if (level != d->trip_level) {
        d->trip_level = level;
        d->trip_s = round_trip_s(d->radio, level, d->trip_z);
    }
    return d->trip_s;
}

static inline int64_t round_trip_ms(device_t *d, int64_t now) {
    return to_ms(trip_s(d, rssi_dBm(d, now)));
}

static void offer(device_t *d, int64_t now) {
    d->offered_ms = now;
    push(d, now + round_trip_ms(d, now), OFFER);
}

static void issue_address(device_t *d, int64_t now) {
    d->url_due = true;
    if (!d->online || d->done) return;
    d->url_due = false;
    d->attempts++;
    push(d, now + round_trip_ms(d, now), ADDRESS);
}

static void arm(device_t *d, int64_t now) {
    if (settled(d) || d->confirmed) return;
    int64_t from_ms = now > d->hold_ms ? now : d->hold_ms;
    int64_t tick_ms = (from_ms + PUSH_GRID_MS - 1) / PUSH_GRID_MS * PUSH_GRID_MS;
    if (tick_ms == d->tick_ms) return;
    d->tick_ms = tick_ms;
    push(d, tick_ms, TICK);
}

static void status_arrives(device_t *d, int64_t now, int state) {
    if (d->done || d->given_up) return;
    if (state == SUBMITTED) {
        d->confirmed = true;
        issue_address(d, now);
    } else if (state == UPDATE_SUCCESS) {
        d->done = true;
        d->finished_ms = now;
    } else if (d->confirmed && !d->url_due) {
        if (state == DOWNLOAD_ERROR && d->failure == CODE_NO_CAUSE) attempt_failed(d, d->last_error);
        if (++d->record_failures > plan.retries) {
            d->given_up = true;
            d->finished_ms = now;
        } else {
            d->url_due = true;
            push(d, now + plan.retry_delay_ms, RETRY);
        }
    }
}

static void report(device_t *d, int64_t now, int state) {
    if (d->online) status_arrives(d, now, state);
    else d->waiting_state = state;
}

static void reported(device_t *d, int64_t now) {
    d->heard = true;
    battery_pct(d, now);
    d->known_signal_dBm = reading_dBm(d, now);
    if (d->on_target && !d->done) {
        d->done = true;
        d->given_up = false;
        d->finished_ms = now;
    }
    if (d->url_due && !d->done) issue_address(d, now);
    arm(d, now);
}

/* The module's upgrade. */

static void fail(device_t *d, int64_t now, int cause) {
    enter_state(d, NO_PLAN);
    d->failures = 0;
    d->last_error = cause;
    report(d, now, UPDATE_ERROR);
    d->busy = !settled(d);
    hear(d, now);
}

static void break_off(device_t *d, int64_t now, int cause) {
    if (++d->failures > plan.max_failures) {
        fail(d, now, cause);
        return;
    }
    d->last_error = cause;
    d->saved_state = DOWNLOAD_ERROR;
    d->state = NO_PLAN;
    report(d, now, DOWNLOAD_ERROR);
}

static void connect(device_t *d, int64_t now) {
    if (!d->reachable) return;
    if (d->radio[ROW_ROUND_TRIP_MOST_S] > 0.0) {
        d->trip_z = normal_quantile(draw(d, STREAM_ROUND_TRIP, d->connections));
        d->trip_level = -1;
    }
    pair u = draw_pair(d, STREAM_CONNECT, d->connections++);
    d->connect_ms = to_ms(connect_s(d->radio, rssi_dBm(d, now), d->resumes, u, &d->connects));
    rests(d, now, d->module[ROW_I_IDLE_MA] + d->module[ROW_I_RECEIVE_MA]);
    push(d, now + d->connect_ms, CONNECTED);
}

static int64_t boot_ms(device_t *d) {
    return to_ms(delay_s(d->module + ROW_REBOOT_DELAY, draw(d, STREAM_REBOOT, d->reboots++)));
}

static void switch_on(device_t *d, int64_t now) {
    d->powered = true;
    rests(d, now, d->module[ROW_I_IDLE_MA]);
    if (d->unfinished) { /* the boot loader writes it first */
        d->unfinished = false;
        push(d, now + boot_ms(d), FLASH_AGAIN);
        return;
    }
    if (d->saved_state == UPDATING && d->on_target) {
        enter_state(d, NO_PLAN);
        d->busy = false;
        report(d, now, UPDATE_SUCCESS);
    } else if (d->saved_state == UPDATING) {
        fail(d, now, CODE_WRONG_VERSION);
    } else if (d->saved_state == SUBMITTED || d->saved_state == DOWNLOADING) {
        break_off(d, now, CODE_REBOOT_IN_DOWNLOAD);
    } else if (d->saved_state == DOWNLOAD_ERROR) {
        break_off(d, now, CODE_DOWNLOAD_BROKE);
    }
    connect(d, now);
    push(d, now + plan.command_ms, REGISTERED);
    d->listening = false;
}

static void switch_off(device_t *d, int64_t now) {
    if (!d->powered) return;
    d->powered = d->online = d->listening = d->url_timer = d->writing = false;
    end_fetch(d, now);
    d->run++;
    d->state = NO_PLAN;
    d->failures = 0;
    d->waiting_state = NO_PLAN;
    rests(d, now, d->module[ROW_I_SLEEP_MA]);
}

static void restart(device_t *d, int64_t now) {
    switch_off(d, now);
    push(d, now + boot_ms(d), BOOTED);
}

static void brick(device_t *d, int64_t now, int cause) {
    attempt_failed(d, cause);
    d->bricked = true;
    d->finished_ms = now;
    switch_off(d, now);
    d->reachable = false;
}

/* Download. */

static void segment_begins(device_t *d, int64_t now) {
    double dBm = rssi_dBm(d, now), flash_Bps = d->module[ROW_FLASH_WRITE_BPS];
    double trip = trip_s(d, dBm);
    if (d->count == 0) d->count = (int32_t)segments_of(d->radio, dBm, plan.size_B, share_bps(), flash_Bps, trip);
    int64_t stop_B = segment_end_B(d->radio, plan.size_B, d->index++, d->count);
    pair u = draw_pair(d, STREAM_SEGMENT, d->segments++);
    segment_result s = play_segment(d->radio, dBm, stop_B - d->at_B, share_bps(), flash_Bps, trip, u);
    d->at_B = stop_B;
    d->sent_B = s.sent_B;
    d->broken = s.broken;
    d->segment_ms = now;
    d->lasts_ms = to_ms(s.seconds);
    double peak_mA = transmit_mA(d->radio, d->module, dBm);
    int64_t after_ms = powered_for_ms(d, now, d->lasts_ms, peak_mA);
    works(d, now, download_mA(d->module, peak_mA, s.seconds, s.on_air_s, d->lasts_ms));
    push(d, now + after_ms, SEGMENT);
}

static void download_starts(device_t *d, int64_t now) {
    d->running = true;
    if (d->download_start_ms < 0) d->download_start_ms = now;
    if (downloads_used == downloads_room)
        downloads = realloc(downloads, sizeof(download_t) * (size_t)(downloads_room *= 2));
    d->row = (int32_t)downloads_used++;
    downloads[d->row] = (download_t){now, now, 0, (int32_t)(d - devices)};
    if (too_slow(d->radio, d->first_dBm, d->module[ROW_FLASH_WRITE_BPS], plan.first_progress_s)) {
        push(d, now + plan.first_progress_ms, TOO_SLOW);
        return;
    }
    d->at_B = 0;
    d->count = d->index = 0;
    segment_begins(d, now);
}

static void download_fails(device_t *d, int64_t now) {
    d->download_failures++;
    end_fetch(d, now);
    attempt_failed(d, CODE_DOWNLOAD_BROKE);
    break_off(d, now, CODE_DOWNLOAD_BROKE);
}

static void segment_ends(device_t *d, int64_t now) {
    end_segment(d, now);
    if (d->cut) {
        d->download_failures++;
        attempt_failed(d, CODE_REBOOT_IN_DOWNLOAD);
        restart(d, now);
        return;
    }
    d->heard_ms = now;
    if (d->broken) {
        download_fails(d, now);
    } else if (d->at_B < plan.size_B) {
        segment_begins(d, now);
    } else {
        end_fetch(d, now);
        d->downloaded_ms = now;
        enter_state(d, UPDATING);
        push(d, now + plan.flash_delay_ms, FLASH);
        hear(d, now);
    }
}

static void address_acts(device_t *d, int64_t now) {
    if (d->state != NO_PLAN && d->state != SUBMITTED) return;
    d->url_timer = false;
    enter_state(d, DOWNLOADING);
    d->busy = true;
    hear(d, now);
    d->first_dBm = rssi_dBm(d, now);
    d->level = coverage_level(d->radio, d->first_dBm);
    d->place = (int32_t)(1 + (d->is.radio * plan.cells + d->is.cell) * 3 + d->level);
    if (enter(d)) download_starts(d, now);
}

/* Flash. */

static void write_flash(device_t *d, int64_t now) {
    d->tries++;
    int64_t lasts_ms = to_ms(d->module[ROW_APPLY_FIXED_S] + (double)plan.size_B / d->module[ROW_APPLY_BPS]);
    double current_mA = d->module[ROW_I_GAP_MA] + d->module[ROW_I_FLASH_MA];
    int64_t after_ms = powered_for_ms(d, now, lasts_ms, current_mA);
    d->writing = true;
    works(d, now, current_mA);
    push(d, now + after_ms, FLASHED);
}

static void flash_begins(device_t *d, int64_t now) {
    int attempt = d->flashes++;
    int cause = CODE_NO_CAUSE;
    if (draw(d, STREAM_STORAGE, attempt) < d->module[ROW_P_STORAGE]) cause = CODE_NO_SPACE;
    else if (draw(d, STREAM_VERIFY, attempt) < d->module[ROW_P_VERIFY]) cause = CODE_VERIFICATION_FAILED;
    if (cause != CODE_NO_CAUSE) {
        attempt_failed(d, cause);
        fail(d, now, cause);
        return;
    }
    d->tries = 0;
    write_flash(d, now);
}

/* What a loss of power in the middle of writing leaves. */
static int after_power_loss(device_t *d) {
    double u = draw(d, STREAM_BRICK, d->losses++);
    int scheme = (int)d->module[ROW_BOOT_SCHEME];
    if (scheme == UPGRADE_AB) return UPGRADE_OLD_KEPT;
    if (u < d->module[ROW_P_BRICK]) return UPGRADE_BRICKED;
    return scheme == UPGRADE_BACKUP && d->tries >= d->module[ROW_BOOT_ATTEMPTS] ? UPGRADE_RESTORED : UPGRADE_RESUMED;
}

static void flash_ends(device_t *d, int64_t now) {
    d->writing = false;
    works(d, now, 0.0);
    if (!d->cut) {
        int64_t wasted_B = d->attempt_sent_B - plan.size_B;
        if (wasted_B > 0) d->bytes_wasted += wasted_B;
        attempt_over(d);
        d->on_target = true;
        d->rolled_back = false;
        d->upgraded_ms = now;
        restart(d, now);
        return;
    }
    int came_to = after_power_loss(d);
    if (came_to == UPGRADE_RESUMED) {
        d->unfinished = true;
        push(d, now + boot_ms(d), FLASH_AGAIN);
    } else if (came_to == UPGRADE_BRICKED) {
        brick(d, now, CODE_POWER_LOST);
    } else {
        attempt_failed(d, CODE_POWER_LOST);
        if (came_to == UPGRADE_RESTORED) d->rolled_back = true;
        restart(d, now);
    }
}

/* The battery is empty: whatever the device was doing ends here, and the device with it. */
static void runs_dry(device_t *d, int64_t now) {
    settle(d, now);
    if (d->reachable) {
        bool bricks = d->writing && after_power_loss(d) == UPGRADE_BRICKED;
        if (d->running) d->download_failures++;
        end_fetch(d, now);
        if (bricks) {
            brick(d, now, CODE_BATTERY_EMPTY);
        } else {
            if (!d->given_up) attempt_failed(d, CODE_BATTERY_EMPTY);
            switch_off(d, now);
            d->reachable = false;
            d->lost = true;
        }
    }
    d->left_uC = d->base_mA = d->load_mA = 0.0;
    d->empty_ms = FAR;
}

static void battery_event(device_t *d, int64_t now) {
    d->empty_event_ms = FAR;
    if (d->empty_ms > now && d->empty_ms < plan.horizon_ms) push(d, d->empty_event_ms = d->empty_ms, EMPTY);
}

/* Host. */

static void ask(device_t *d, int64_t now) {
    d->asked = true;
    d->listening = false;
    if (d->online && !d->confirmed && !settled(d)) offer(d, now);
    push(d, now + plan.command_ms, ASKED);
}

static void rest(device_t *d, int64_t now) {
    const contact_t *contact = &contacts[d->is.contact];
    d->listening = false;
    if (contact->wakes) switch_off(d, now);
    if (!d->reachable || settled(d) || !contact->wakes) {
        d->over = true;
        return;
    }
    while (d->contact_ms <= now) {
        d->number++;
        double late_s = contact->jitter_s * draw(d, STREAM_CONTACT_JITTER, d->number);
        d->contact_ms = d->first_ms + d->number * to_ms(contact->every_s) + to_ms(late_s) - 1;
    }
    push(d, d->contact_ms, WAKE);
}

static void weigh(device_t *d, int64_t now) {
    int number = d->offers++;
    d->listening = false;
    draw(d, STREAM_IGNORE, number);
    push(d, now + to_ms(delay_s(delays + ROW_DELAY_ROW * d->is.host, draw(d, STREAM_CONFIRM, number))), CONFIRM);
}

static void listen(device_t *d, int64_t now) {
    const contact_t *contact = &contacts[d->is.contact];
    if (d->offer_waits) {
        d->offer_waits = false;
        if (!d->busy) {
            weigh(d, now);
            return;
        }
    }
    if (!d->reachable || (!d->busy && settled(d))) {
        rest(d, now);
        return;
    }
    d->listening = true;
    if (d->busy) d->until_ms = d->heard_ms + plan.patience_ms > now ? d->heard_ms + plan.patience_ms : now + 1;
    else if (!d->online) d->until_ms = now + plan.patience_ms;
    else if (contact->wakes) d->until_ms = now + contact->linger_ms;
    else d->until_ms = contact->request_every_ms ? d->asked_ms + contact->request_every_ms : FAR;
    if (d->until_ms <= now) d->until_ms = now + 1;
    if (d->until_ms < d->patience_ms) {
        d->patience_ms = d->until_ms;
        push(d, d->until_ms, PATIENCE);
    }
}

static void silence(device_t *d, int64_t now) {
    if (d->busy) {
        if (now >= d->heard_ms + plan.patience_ms) d->busy = false;
        listen(d, now);
    } else if (contacts[d->is.contact].wakes) {
        rest(d, now);
    } else if (d->online) {
        ask(d, now);
    } else {
        d->asked_ms = now;
        listen(d, now);
    }
}

static void patience(device_t *d, int64_t now) {
    if (now != d->patience_ms) return;
    d->patience_ms = FAR;
    if (!d->listening || d->over) return;
    if (d->until_ms <= now) {
        silence(d, now);
    } else if (d->until_ms < FAR) {
        d->patience_ms = d->until_ms;
        push(d, d->until_ms, PATIENCE);
    }
}

static void wake(device_t *d, int64_t now) {
    if (!d->reachable) return;
    d->contacts++;
    if (d->first_contact_ms < 0) d->first_contact_ms = now;
    d->asked = d->busy = d->offer_waits = false;
    d->asked_ms = 0;
    switch_on(d, now);
}

static void connected(device_t *d, int64_t now) {
    rests(d, now, d->module[ROW_I_IDLE_MA]);
    if (!d->connects) {
        push(d, now + REOPEN_MS, RECONNECT);
        hear(d, now);
        return;
    }
    d->resumes = d->online = true;
    d->heard_ms = now;
    reported(d, now);
    int state = d->waiting_state;
    d->waiting_state = NO_PLAN;
    if (state != NO_PLAN) status_arrives(d, now, state);
    if (!d->asked && d->listening) ask(d, now);
    else if (d->listening) listen(d, now);
}

static void decide(device_t *d, int64_t now) {
    int cause = CODE_NO_CAUSE;
    if (d->battery_pct == UNKNOWN) cause = CODE_READING_UNKNOWN;
    else if (d->battery_pct < plan.min_battery_pct) cause = CODE_LOW_BATTERY;
    else if (d->signal_dBm == UNKNOWN) cause = CODE_READING_UNKNOWN;
    else if (d->signal_dBm < plan.min_signal_dBm) cause = CODE_WEAK_SIGNAL;
    d->refusal = cause;
    if (d->state == PLAN_RECEIVED) {
        if (cause == CODE_NO_CAUSE) {
            d->failures = 0;
            enter_state(d, SUBMITTED);
            d->url_timer = true;
            push(d, now + plan.url_ms, URL_TIMER);
            report(d, now, SUBMITTED);
        } else {
            enter_state(d, NO_PLAN);
            d->refusals++;
            d->hold_ms = d->offered_ms + plan.hold_ms + 1;
            arm(d, now);
        }
    }
    push(d, now + plan.command_ms, ANSWERED);
}

/* Who an event of an earlier run still concerns: the platform, the calendar, and what checks by itself. */
static inline bool outlives_power(kind_t kind) {
    return kind == WAKE || kind == OFFER || kind == ADDRESS || kind == RETRY || kind == TICK || kind == PATIENCE || kind == DIES ||
           kind == EMPTY;
}

static void play(device_t *d, int64_t now, kind_t kind) {
    switch (kind) {
    case WAKE: wake(d, now); break;
    case REGISTERED: listen(d, now); break;
    case CONNECTED: connected(d, now); break;
    case RECONNECT: connect(d, now); break;
    case ASKED:
        d->asked_ms = now;
        listen(d, now);
        break;
    case OFFER:
        if (d->online && (d->state == NO_PLAN || d->state == PLAN_RECEIVED)) {
            enter_state(d, PLAN_RECEIVED);
            d->offer_waits = true;
            hear(d, now);
        }
        break;
    case CONFIRM:
        d->battery_pct = battery_pct(d, now);
        if (d->is.at_cbc) {
            push(d, now + plan.command_ms, BATTERY_READ);
            break;
        } /* fall through */
    case BATTERY_READ:
        d->signal_dBm = reading_dBm(d, now);
        push(d, now + plan.command_ms, SIGNAL_READ);
        break;
    case SIGNAL_READ: decide(d, now); break;
    case ANSWERED:
        d->offer_waits = false;
        if (d->refusal == CODE_NO_CAUSE) {
            d->busy = true;
            if (d->confirmed_ms < 0) d->confirmed_ms = now;
        }
        listen(d, now);
        break;
    case ADDRESS:
        if (d->online)
            push(d, now + to_ms(delay_s(d->module + ROW_URL_DELAY, draw(d, STREAM_URL_TO_START, d->attempts))), ACT);
        else
            d->url_due = true;
        break;
    case ACT: address_acts(d, now); break;
    case URL_TIMER:
        if (d->url_timer) {
            d->url_timer = false;
            attempt_failed(d, CODE_NO_URL);
            fail(d, now, CODE_NO_URL);
        }
        break;
    case PLACE:
        if (d->held > 0 && !d->running && enter(d)) download_starts(d, now);
        break;
    case SEGMENT: segment_ends(d, now); break;
    case TOO_SLOW: download_fails(d, now); break;
    case FLASH: flash_begins(d, now); break;
    case FLASHED: flash_ends(d, now); break;
    case FLASH_AGAIN:
        d->unfinished = false;
        write_flash(d, now);
        break;
    case BOOTED:
        if (d->reachable) {
            d->resumes = true;
            switch_on(d, now);
        }
        break;
    case RETRY: issue_address(d, now); break;
    case TICK:
        if (d->tick_ms != now) break;
        d->tick_ms = -1;
        if (!d->online || d->confirmed || settled(d)) break;
        offer(d, now);
        arm(d, now + 1);
        break;
    case PATIENCE: patience(d, now); break;
    case DIES:
        switch_off(d, now);
        d->reachable = false;
        d->lost = true;
        break;
    case EMPTY: battery_event(d, now); break;
    }
}

/* A run. */

static void activate(device_t *d, const fleet_row *row) {
    memset(d, 0, sizeof *d);
    d->trip_level = -1;
    d->is = *row;
    d->radio = radios + ROW_RADIO_ROW * row->radio;
    d->module = modules + ROW_MODULE_ROW * row->module;
    d->first_contact_ms = d->confirmed_ms = d->download_start_ms = d->downloaded_ms = d->upgraded_ms = -1;
    d->finished_ms = d->tick_ms = -1;
    d->patience_ms = FAR;
    d->segment_ms = -1;
    d->empty_ms = d->empty_event_ms = FAR;
    d->on_target = row->on_target;
    if (!row->mains) {
        double capacity_mAh = usable_capacity_mAh(row->chemistry, row->capacity_mAh, row->temperature_C);
        d->capacity_uC = capacity_mAh * 3600000.0;
        d->left_uC = row->charge * d->capacity_uC;
        d->self_mA = row->self_discharge * capacity_mAh / 8766.0;
    }
    d->base_mA = d->module[ROW_I_SLEEP_MA];
    foresee(d, 0);
    if (row->gone) return;
    d->reachable = true;
    d->shadow_dB = row->sd_dB * normal_quantile(draw(d, STREAM_SHADOWING, 0));
    d->cuts_per_30_days = d->module[row->mains ? ROW_POWER_CUTS_MAINS : ROW_POWER_CUTS_BATTERY];
    next_cut(d, 0);
    d->first_ms = to_ms(contacts[row->contact].spread_s * draw(d, STREAM_CONTACT_FIRST, 0)) - 1;
    d->contact_ms = d->first_ms;
    push(d, d->first_ms, WAKE);
    if (row->dies_ms >= 0) push(d, row->dies_ms, DIES);
}

static void simulate(void) {
    for (int64_t i = 0; i < plan.devices; i++) activate(&devices[i], &fleet[i]);
    while (heap_size > 0 && heap[0].at_ms < plan.horizon_ms) {
        event_t event = pop();
        device_t *d = &devices[event.device];
        events_played++;
        if (d->empty_ms <= event.at_ms) runs_dry(d, d->empty_ms);
        if (event.run == d->run || outlives_power(event.kind)) play(d, event.at_ms, event.kind);
    }
    for (int64_t i = 0; i < plan.devices; i++) settle(&devices[i], plan.horizon_ms);
}

static int outcome(const device_t *d) {
    if (d->bricked) return CODE_BRICKED;
    if (d->is.on_target) return CODE_ALREADY_ON_TARGET;
    if (d->on_target) return CODE_UPGRADED;
    if (!d->heard || d->contacts == 0) return CODE_UNREACHABLE;
    if (d->given_up) return d->rolled_back ? CODE_ROLLED_BACK : CODE_FAILED;
    if (d->lost) return CODE_UNREACHABLE;
    if (d->state == DOWNLOADING || d->state == UPDATING || d->confirmed) return CODE_IN_PROGRESS;
    if (d->refusal != CODE_NO_CAUSE) return CODE_REFUSED;
    return d->failure != CODE_NO_CAUSE ? CODE_IN_PROGRESS : CODE_NOT_OFFERED;
}

static void *read_rows(FILE *file, size_t size, int64_t count) {
    void *rows = malloc(size * (size_t)count);
    if (!rows || fread(rows, size, (size_t)count, file) != (size_t)count) {
        fprintf(stderr, "flow: input too short\n");
        exit(1);
    }
    return rows;
}

static double now_s(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int main(int argc, char **argv) {
    FILE *file = argc > 1 ? fopen(argv[1], "rb") : NULL;
    if (!file) {
        fprintf(stderr, "usage: flow INPUT\n");
        return 1;
    }
    plan = *(plan_t *)read_rows(file, sizeof plan, 1);
    radios = read_rows(file, sizeof(double) * ROW_RADIO_ROW, plan.radios);
    modules = read_rows(file, sizeof(double) * ROW_MODULE_ROW, plan.modules);
    delays = read_rows(file, sizeof(double) * ROW_DELAY_ROW, plan.hosts);
    contacts = read_rows(file, sizeof(contact_t), plan.contacts);
    fleet = read_rows(file, sizeof(fleet_row), plan.devices);
    fclose(file);

    double began_s = now_s();
    int64_t all_places = 1 + plan.radios * plan.cells * 3;
    devices = malloc(sizeof(device_t) * (size_t)plan.devices);
    heap = malloc(sizeof(event_t) * (size_t)(heap_room = 2 * plan.devices));
    downloads = malloc(sizeof(download_t) * (size_t)(downloads_room = plan.devices));
    places = malloc(sizeof(places_t) * (size_t)all_places);
    for (int64_t i = 0; i < all_places; i++) places[i] = (places_t){0, -1, -1};
    line = malloc(sizeof(waiting_t) * (size_t)(line_room = 1024));
    simulate();
    double loop_s = now_s() - began_s;

    int64_t *counts = calloc((size_t)plan.contacts * OUTCOMES, sizeof(int64_t));
    for (int64_t i = 0; i < plan.devices; i++) counts[devices[i].is.contact * OUTCOMES + outcome(&devices[i])]++;
    printf("{\"loop_s\": %.6f, \"events\": %lld, \"draws\": %lld, \"device_bytes\": %zu, \"downloads\": %lld, \"outcomes\": [",
           loop_s, (long long)events_played, (long long)blocks_drawn, sizeof(device_t), (long long)downloads_used);
    for (int64_t i = 0; i < plan.contacts * OUTCOMES; i++)
        printf("%s%lld", i ? ", " : "", (long long)counts[i]);
    printf("]}\n");
    return 0;
}
