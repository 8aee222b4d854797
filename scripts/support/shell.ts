/** zx with the shell that every system has: by itself it wants bash, and without bash it quotes nothing. */
import { $ } from 'zx'

export const shell = $({
  shell: '/bin/sh',
  prefix: 'set -e;',
  postfix: '',
  quote: (text) => `'${text.replaceAll("'", `'\\''`)}'`,
})
