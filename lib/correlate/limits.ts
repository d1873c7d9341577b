// Thresholds that several steps of correlation share, each with its ground; those of one step stand beside it.

/** Rows between two yields of a step: a few milliseconds of work. */
export const IDENTITY_YIELD_ROWS = 32_768;
/** Frames of one long connection that are read, or put in order, between two yields. */
export const ROW_ORDER_YIELD = 32_768;
/** Frames handled between two yields while journeys are formed. */
export const JOURNEY_YIELD_ROWS = 4096;

/** Sightings of one packet lie within this time of each other once clocks are aligned: longer than any queue, shorter than most retries. */
export const PACKET_SPAN_NS = 10e9;
/** Two clocks are one, and differences between them exact, when their two-way bounds hold no offset and leave so little room for any: round trips
 * within a host (veth pairs, bridges, a switch in the kernel) come to 5 to 40 µs at their best, those between two hosts or virtual machines, as their
 * kernels stamp them, to more, and clocks that are kept that close (PTP) must not be taken for one. */
export const ONE_CLOCK_GAP_NS = 50_000;
/** Samples kept for a pair of captures and a direction when clocks are compared. */
export const CLOCK_SAMPLES = 2048;
/** Connections that are looked at first, spread over the capture: enough to cover its time. */
export const SPREAD_CONNECTIONS = 256;
/** Time differences kept for a pair of stations. */
export const ORDER_SAMPLES = 64;
/** Captures whose two-way bounds hold no offset, and are this close, are taken to be of one host; what their clocks may differ by is said with each latency. */
export const ONE_HOST_GAP_NS = 1_000_000;
/** One way alone shows delay and offset as one: what a packet takes within a host, a virtual one included, and no more. */
export const ONE_WAY_GAP_NS = 250_000;
/** TTLs that hosts start from (Linux 64, Windows 128, network gear 255; IPv6 neighbour discovery 255). */
export const INITIAL_TTLS: readonly number[] = [64, 128, 255];
/** Patterns looked at between two yields: each is a handful of stations. */
export const PATTERN_YIELD = 1024;
