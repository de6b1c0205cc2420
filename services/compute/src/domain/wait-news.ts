export interface Wait {
  readonly place: number | null;
  readonly reason: string | null;
}

/** Up to here every place counts. */
const nearPlaces = 20;
/** Further back, a place is news when it differs by more than this part of it. */
const farPart = 10;

/**
 * Whether a job's new wait is worth writing down and telling. Each end of a job moves everybody behind it by one; to the two-thousandth that is no news, and writing it for
 * each of them would be work that grows with the square of the queue. Pages that show one job or the queue compute places when they are read.
 */
export function isNews(was: Wait, is: Wait): boolean {
  if (was.place === is.place && was.reason === is.reason) return false;
  if (was.place === null || is.place === null || was.reason === null || is.reason === null) return true;
  if (Math.min(was.place, is.place) <= nearPlaces) return true;
  return withoutNumbers(was.reason) !== withoutNumbers(is.reason) || Math.abs(was.place - is.place) * farPart > was.place;
}

const withoutNumbers = (text: string): string => text.replace(/\d+/g, '#');
