import { formatUrn } from '@stratalab/contracts';
import type { Feedback, FeedbackInput } from '@stratalab/contracts/agents';
import type { Call, Clock } from '@stratalab/kernel';
import { rateAnswer } from '../store/answer-store.ts';

/** Says whether an answer was good; the last word stands. @throws not-found */
export async function giveFeedback(clock: Clock, call: Call, input: { readonly answer: string; readonly body: FeedbackInput }): Promise<{ feedback: Feedback }> {
  const feedback: Feedback = { rating: input.body.rating, comment: input.body.comment ?? '', by: call.actor.subject, at: clock.now().toISOString() };
  return call.commit(
    async tx => {
      await rateAnswer(tx, input.answer, feedback);
      return { feedback };
    },
    () => formatUrn({ tenant: call.tenant, kind: 'answer', name: input.answer })
  );
}
