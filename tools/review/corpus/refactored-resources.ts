import type { ResourceEdit } from './resource-edit.ts';

const POSTGRES = 'Cluster meridian-data/meridian';
const KAFKA = 'Kafka meridian-data/meridian';
const TOPIC = 'KafkaTopic meridian-data/catalog.events.v1';
const CATALOG = 'Rollout meridian/catalog';

/** Changes of the program that change nothing for anybody. */
export const REFACTORED: readonly ResourceEdit[] = [
  ['the component of a database', POSTGRES],
  ['the component of a queue', KAFKA],
  ['the component of a topic', TOPIC],
  ['the component of a service', CATALOG],
  ['the component of a chart', 'chart redis'],
  ['the component of a Secret', 'Secret meridian/catalog-kafka-binding'],
].map(([what = '', object = '']) => ({
  name: `${what} is another, with an alias`,
  edits: [{ object, parent: 'moved', hasAlias: true }],
  tells: [],
}));
