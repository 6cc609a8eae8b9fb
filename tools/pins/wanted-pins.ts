import { chartReference } from '@meridian/components/kubernetes/chart-reference.ts';
import type { PodsStack } from '@meridian/components/kubernetes/lower-kubernetes.ts';
import { imageReference } from '@meridian/components/service/kubernetes/lower-services.ts';
import type { ForeignChart } from '@meridian/components/kubernetes/manifest.ts';
import { chartsOf } from '@meridian/components/kubernetes/parts-of.ts';
import type { WantedPin } from './look-up.ts';

/** Name of the pin of what images are built on. */
export const BASE_IMAGE = 'base';

/** All that a stack takes from registries: the base of images, images of services, and charts. */
export function wantedPins(base: string, stack: PodsStack): readonly WantedPin[] {
  return [
    ...chartsOf(stack).map(chartPin),
    { kind: 'image', name: BASE_IMAGE, reference: base },
    ...stack.images.map(({ name, reference }): WantedPin => ({ kind: 'image', name, reference })),
    ...stack.services.map(({ name, image, version }): WantedPin => ({
      kind: 'image',
      name,
      reference: imageReference(image.repository, version),
    })),
  ];
}

function chartPin(chart: ForeignChart): WantedPin {
  return { kind: 'chart', name: chart.name, reference: chartReference(chart) };
}
