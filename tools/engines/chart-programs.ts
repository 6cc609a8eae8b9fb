import type { EngineStep } from './engine.ts';
import { goProgramSteps, type GoProgram } from './go-program.ts';
import { installHelm } from './helm.ts';
import { engineVersions } from './versions.ts';

const { kubeconform, 'kube-score': kubeScore } = engineVersions;

/** Programs that judge charts and manifests; Helm comes first, they share what it compiles. */
const programs = {
  'kube-score': {
    name: 'kube-score',
    ...kubeScore,
    packages: { 'kube-score': `${kubeScore.module}/cmd/kube-score` },
    minutes: 1,
  },
  kubeconform: {
    name: 'kubeconform',
    ...kubeconform,
    packages: { kubeconform: `${kubeconform.module}/cmd/kubeconform` },
    minutes: 1,
  },
} satisfies Readonly<Record<string, GoProgram>>;

/** What tests of charts need beside the engines of the local landing. */
export function chartSteps(root: string, cache: string): readonly EngineStep[] {
  return [
    { title: 'Helm', install: (progress) => installHelm(root, cache, progress) },
    ...goProgramSteps(programs, root, cache),
  ];
}
