import { STORIES } from './stories.ts';
import { tellStories } from './tell-stories.ts';

await tellStories(STORIES.filter(({ always = false }) => always));
