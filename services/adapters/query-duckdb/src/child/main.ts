import { createInterface } from 'node:readline';
import type { ChildAnswer, ChildRequest } from '../protocol.ts';
import { execute } from './execute.ts';
import { failureOf } from './failure.ts';

/** One request per process: a line of JSON in, a line of JSON out. When the parent is gone, so are we, even in the middle of a query. */
const lines = createInterface({ input: process.stdin });
lines.once('line', line => {
  const request = unsafeRequest(JSON.parse(line));
  void execute(request)
    .catch((error: unknown): ChildAnswer => ({ isOk: false, failure: failureOf(error, request.sql) }))
    .then(answer => process.stdout.write(JSON.stringify(answer), endNow));
});
lines.once('close', endNow);

/** Threads of a running query would keep an ordinary exit waiting. */
function endNow(): void {
  process.kill(process.pid, 'SIGKILL');
}

/** Written by `run-child.ts`, nobody else. */
function unsafeRequest(value: unknown): ChildRequest {
  return value as ChildRequest;
}
