#!/usr/bin/env node
/**
 * The program of the published package. The cache must be on before anything else is loaded; with it a configuration or
 * revision in TypeScript starts 50 to 70 ms sooner from the second time on. NODE_DISABLE_COMPILE_CACHE=1 turns it off.
 */
import { enableCompileCache } from 'node:module'

enableCompileCache()
await import('./aludel.ts')
