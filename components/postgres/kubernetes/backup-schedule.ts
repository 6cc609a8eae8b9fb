/** Names that are numbers in some fields of a schedule. */
const MONTHS = [
  ...['', 'jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** What a field of a schedule may be, in the order of the fields. */
const FIELDS = [
  { least: 0, most: 59, names: [] },
  { least: 0, most: 59, names: [] },
  { least: 0, most: 23, names: [] },
  { least: 1, most: 31, names: [] },
  { least: 1, most: 12, names: MONTHS },
  { least: 0, most: 6, names: WEEKDAYS },
] as const;

const DESCRIPTORS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 0 1 1 *',
  '@annually': '0 0 0 1 1 *',
  '@monthly': '0 0 0 1 * *',
  '@weekly': '0 0 0 * * 0',
  '@daily': '0 0 0 * * *',
  '@midnight': '0 0 0 * * *',
  '@hourly': '0 0 * * * *',
};

const DAY_SECONDS = 86_400;

/** Every pattern of days is among them: four years with a day that only leap years have, and some more. */
const FIRST_DAY = Date.UTC(2024, 0, 1);
const DAYS = 366 + 4 * 365 + 1;

/**
 * The longest time between two moments of a schedule of six fields, in seconds; undefined for one that its reader does not
 * understand, or that never comes. Days of the month and weekdays are both meant only where one of them is any.
 * Source: robfig/cron 1.2.0, parser.go and spec.go, by which CloudNativePG 1.30.1 reads a ScheduledBackup
 */
export function longestPause(schedule: string): number | undefined {
  const fields = fieldsOf(schedule);
  const [seconds, minutes, hours, days, months, weekdays] = momentsOf(fields);
  if (seconds === undefined || minutes === undefined || hours === undefined) return undefined;
  if (days === undefined || months === undefined || weekdays === undefined) return undefined;
  if (fields.length !== FIELDS.length) return undefined;
  const ofDay = hours
    .flatMap((hour) => minutes.map((minute) => hour * 3_600 + minute * 60))
    .flatMap((start) => seconds.map((second) => start + second));
  const anyDay = [fields[3], fields[5]].some((field) => /[*?]/.test(field ?? ''));
  const dates = Array.from({ length: DAYS }, (_, index) => index).filter((index) => {
    const date = new Date(FIRST_DAY + index * DAY_SECONDS * 1_000);
    const ofMonth = days.includes(date.getUTCDate());
    const ofWeek = weekdays.includes(date.getUTCDay());
    const isDay = anyDay ? ofMonth && ofWeek : ofMonth || ofWeek;
    return months.includes(date.getUTCMonth() + 1) && isDay;
  });
  return dates.length < 2 ? undefined : longest(dates, ofDay);
}

/** Whether a schedule has one moment of an hour at most: more of them is a field taken for another one, and each is a whole copy. */
export function isHourlyAtMost(schedule: string): boolean {
  const [seconds, minutes] = momentsOf(fieldsOf(schedule));
  return seconds?.length === 1 && minutes?.length === 1;
}

function fieldsOf(schedule: string): readonly string[] {
  return (DESCRIPTORS[schedule] ?? schedule).trim().split(/\s+/);
}

/** The numbers of each field; undefined for one that is missing, or of which nobody makes numbers. */
function momentsOf(fields: readonly string[]): readonly (readonly number[] | undefined)[] {
  return FIELDS.map((field, position) => valuesOf(fields[position] ?? '', field));
}

/** Between two days of it, from the last moment of one to the first of the next, or within a day. */
function longest(dates: readonly number[], ofDay: readonly number[]): number {
  const apart = (places: readonly number[]) =>
    Math.max(0, ...places.slice(1).map((place, index) => place - (places[index] ?? place)));
  const first = Math.min(...ofDay);
  const last = ofDay.reduce((latest, each) => Math.max(latest, each), 0);
  return Math.max(apart(dates) * DAY_SECONDS - last + first, apart(ofDay));
}

/** The numbers of a field, in order; undefined for what is none. */
function valuesOf(text: string, field: (typeof FIELDS)[number]): readonly number[] | undefined {
  const all = text
    .toLowerCase()
    .split(',')
    .map((part) => rangeOf(part, field));
  const values = all.flatMap((each) => each ?? []);
  if (all.some((each) => each === undefined)) return undefined;
  return [...new Set(values)].toSorted((one, other) => one - other);
}

/** `*`, `5`, `1-5`, each with `/2` where only some are meant; a single number with a step goes to the end. */
function rangeOf(
  text: string,
  { least, most, names }: (typeof FIELDS)[number],
): readonly number[] | undefined {
  const found = /^(?:[*?]|([a-z]+|\d+)(?:-([a-z]+|\d+))?)(?:\/([1-9]\d*))?$/.exec(text);
  if (found === null) return undefined;
  const [, from, to, step] = found;
  const numberOf = (word: string): number =>
    /^\d/.test(word) ? Number(word) : (names as readonly string[]).indexOf(word);
  const start = from === undefined ? least : numberOf(from);
  const open = from === undefined || (to === undefined && step !== undefined);
  const end = open ? most : numberOf(to ?? from);
  if (start < least || end > most || start > end) return undefined;
  const length = Math.floor((end - start) / Number(step ?? 1)) + 1;
  return Array.from({ length }, (_, index) => start + index * Number(step ?? 1));
}
