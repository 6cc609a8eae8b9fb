import type { PlatformGraph } from '../../model/graph.ts';
import { servicesWithEvents } from '../rules/dependencies.ts';
import type { Board } from './board.ts';
import { consumerPanels, publisherPanels } from './event-panels.ts';

/** Whether what was changed arrives. */
export function eventsBoard(graph: PlatformGraph): Board {
  const namesOf = (side: 'publishers' | 'consumers'): readonly string[] =>
    servicesWithEvents(graph, side).map(({ name }) => name);
  const both = [...new Set([...namesOf('publishers'), ...namesOf('consumers')])];
  return {
    uid: 'meridian-events',
    title: 'Events',
    description: 'Does what was changed arrive? From outboxes to whoever handles it',
    rows: [
      { title: 'Leaving', panels: publisherPanels(namesOf('publishers')) },
      { title: 'Arriving', panels: consumerPanels(namesOf('consumers')) },
      {
        title: 'Lines',
        panels: [
          {
            kind: 'logs' as const,
            title: 'Warnings and errors',
            description: 'Of those who publish or consume',
            query: { services: both, least: 'warn' as const },
          },
        ],
      },
    ].filter(({ panels }) => panels.length > 0),
  };
}
