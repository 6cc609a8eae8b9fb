import { LOG_LINES } from '@meridian/language/log-lines.ts';
import type { SagaLine, SealedLine } from '@meridian/language/log-lines.ts';
import type { LogLine } from '../server/sources.ts';
import type { Moment } from './purchase-view.ts';

/** What a line says of a purchase: that somebody wrote it, or what came about, which may be several things. */
export function momentsOf(line: LogLine): readonly Moment[] {
  switch (line.message) {
    case LOG_LINES.sagaWentOn:
      return sagaMoments(line, line.fields);
    case LOG_LINES.eventSealed:
      return [sealedMoment(line, line.fields)];
    default: {
      const { level, traceId = '' } = line;
      const command = traceId === '' ? '' : `meridian logs --trace ${traceId}`;
      return [{ ...placeOf(line), kind: 'line', what: wordsOf(line), detail: level, command }];
    }
  }
}

/** Its text, with what was called or asked for and how that went: lines of that kind have the same text, all of them. */
function wordsOf({ message, fields }: LogLine): string {
  const { rpc_method: method, rpc_status_code: code, route, status } = fields;
  const called = method === undefined ? [] : [method.slice(method.lastIndexOf('.') + 1)];
  const more = [code, route, status].flatMap((each) => each ?? []);
  return [message, ...called, ...more.filter((each) => !message.includes(each))].join(' ');
}

function placeOf({ atMs, service, traceId }: LogLine): Pick<Moment, 'atMs' | 'service' | 'trace'> {
  return { atMs, service, trace: traceId ?? null };
}

/** What is over, where that leaves the order, and what it asks for next. */
function sagaMoments(
  line: LogLine,
  { order_id: orderId = '', phase = '', status = '', asked = '', settled = '' }: Partial<SagaLine>,
): readonly Moment[] {
  const common = { ...placeOf(line), command: `meridian order ${orderId}` };
  const effects = (
    list: string,
    kind: 'asked' | 'effect',
    detailOf: (outcome: string) => string,
  ): readonly Moment[] =>
    list.split(', ').flatMap((text) => {
      const [sequence = '', what = '', ...outcome] = text.split(' ');
      const detail = `${detailOf(outcome.join(' '))} (${sequence})`;
      return what === '' ? [] : [{ ...common, kind, what, detail }];
    });
  return [
    ...effects(settled, 'effect', (outcome) => (outcome === '' ? 'over' : outcome)),
    { ...common, kind: 'state', what: phase, detail: status },
    ...effects(asked, 'asked', () => 'asked for'),
  ];
}

/** An event's type is that of a service's contract, such as `meridian.orders.v1.OrderChanged`. */
function sealedMoment(line: LogLine, fields: Partial<Record<keyof SealedLine, string>>): Moment {
  const { event_id: id = '', event_type: type = '', entry = '' } = fields;
  const [, of = ''] = type.split('.');
  return {
    ...placeOf(line),
    kind: 'audit',
    what: type.slice(type.lastIndexOf('.') + 1),
    detail: `of ${of}, entry ${entry}`,
    command: `meridian audit show ${id}`,
  };
}
