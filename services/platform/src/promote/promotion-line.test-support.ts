import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGateway } from '../gateway/gateway.ts';

/** The line to an installation that receives; files stop on it where a test wants them to. */
export interface PromotionLine {
  readonly url: string;
  /** How many pieces of files wait on the line. */
  readonly heldPieces: number;
  /** Lets so many more pieces pass; the next ones wait. Those of a sender that is gone are forgotten. */
  holdAfter(pieces: number): void;
  /** Lets those that wait go on, and all others pass. */
  letGo(): void;
  close(): void;
}

/** @param target where the control service listens */
export async function startPromotionLine(target: string): Promise<PromotionLine> {
  const gateway = createGateway({ prefix: '/services/stratalab', urls: new Map([['control', target]]), observe: () => undefined });
  let held: (() => void)[] = [];
  let passing = Infinity;
  const line = createServer((request, response) => {
    const pass = (): void => void gateway.emit('request', request, response);
    const isPiece = request.method === 'PUT' && (request.url ?? '').includes('/files/');
    if (isPiece && passing === 0) held.push(pass);
    else {
      if (isPiece) passing -= 1;
      pass();
    }
  }).listen(0, '127.0.0.1');
  await once(line, 'listening');
  return {
    url: `http://127.0.0.1:${unsafeAddress(line.address()).port}`,
    get heldPieces() {
      return held.length;
    },
    holdAfter(pieces) {
      [held, passing] = [[], pieces];
    },
    letGo() {
      const waiting = held;
      [held, passing] = [[], Infinity];
      for (const pass of waiting) pass();
    },
    close() {
      line.close();
      line.closeAllConnections();
      gateway.emit('close');
    }
  };
}

function unsafeAddress(address: unknown): AddressInfo {
  return address as AddressInfo;
}
