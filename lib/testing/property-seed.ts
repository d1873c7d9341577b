// Property tests draw the same cases in every run, so that a red run speaks of the change and not of luck.
// HOPLANE_SEED=<number> draws others; a failing property prints the seed that brings its case back.
import { configureGlobal } from 'fast-check';

configureGlobal({ seed: Number(process.env.HOPLANE_SEED ?? 20210316) });
