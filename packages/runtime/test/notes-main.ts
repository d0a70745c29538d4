// The notes service as a process; see process.test.ts.
import { runProcess } from '../src/service-process.ts';
import { notesService } from './notes.ts';

await runProcess({ ...notesService, name: 'product' }, process.env);
