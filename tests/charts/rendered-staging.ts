import { renderCharts, renderManifests } from '@meridian/components/kubernetes/render-stack.ts';
import { lowered } from './lowered-staging.ts';

/** The files of charts and manifests by their paths. */
export interface RenderedStaging {
  readonly charts: Readonly<Record<string, string>>;
  readonly manifests: Readonly<Record<string, string>>;
}

/** Renders the staging stack. */
export function renderedStaging(): RenderedStaging {
  return { charts: renderCharts(lowered), manifests: renderManifests(lowered) };
}
