import { setTimeout as delay } from 'node:timers/promises';
import type { Handlers } from '../rpc/handlers.ts';
import type { EchoService } from './gen/meridian/kittest/v1/echo_pb.js';

/** A text of the form 'wait 250' is answered after so many milliseconds. */
async function waitFor(text: string): Promise<void> {
  const match = /^wait (\d+)$/.exec(text);
  if (match !== null) await delay(Number(match[1]));
}

/** Handlers that do what the test contract says. */
export const echoHandlers: Handlers<typeof EchoService> = {
  echo: ({ text }) => ({ text }),
  once: async ({ text }) => {
    await waitFor(text);
    return { text };
  },
  join: async (requests) => {
    let joined = '';
    for await (const { text } of requests) joined += text;
    return { text: joined };
  },
  async *repeat({ text, count }) {
    for (let index = 0; index < count; index++) yield await Promise.resolve({ text });
  },
  async *chat(requests) {
    for await (const { text } of requests) yield { text };
  },
};
