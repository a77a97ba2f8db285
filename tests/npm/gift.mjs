// Reads GIFT from standard input with another project's grammar, and prints what it has understood as JSON.
import {parse} from 'gift-pegjs';

process.stdin.setEncoding('utf8');
let text = '';
for await (const part of process.stdin) text += part;
process.stdout.write(JSON.stringify(parse(text)));
