// How many journeys leave the page at most, in a link and in a report: more than anyone reads, few enough to be made in a moment.

export const SHARED_JOURNEYS = 2_000;
