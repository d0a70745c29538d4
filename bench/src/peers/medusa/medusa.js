// The command `medusa` in this folder, wherever it is started: it reads its configuration in the working directory.
process.chdir(__dirname);
require('@medusajs/cli/cli.js');
