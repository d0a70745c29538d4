// The migrations of the notes service as a process; see process.test.ts.
import { migrateProcess } from '../src/service-process.ts';
import { notesService } from './notes.ts';

await migrateProcess(notesService, process.env);
