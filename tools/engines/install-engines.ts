import type { EngineStep } from './engine.ts';
import { installElasticsearch } from './elasticsearch.ts';
import { installEnvoy } from './envoy.ts';
import { installKafka } from './kafka.ts';
import { installPostgres } from './postgres.ts';
import { installPulumi } from './pulumi.ts';
import { installRedis } from './redis.ts';

/** The engines of the local landing, in the order in which they are installed. */
export function engineSteps(root: string, cache: string): readonly EngineStep[] {
  return [
    { title: 'PostgreSQL', install: (progress) => installPostgres(cache, progress) },
    { title: 'Kafka', install: (progress) => installKafka(root, cache, progress) },
    { title: 'Elasticsearch', install: (progress) => installElasticsearch(cache, progress) },
    { title: 'Envoy', install: (progress) => installEnvoy(cache, progress) },
    { title: 'Redis', install: (progress) => installRedis(cache, progress) },
    { title: 'Pulumi', install: (progress) => installPulumi(root, cache, progress) },
  ];
}
