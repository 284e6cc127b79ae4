/* Starts processes beside the first one: four with every kind of memory, and `many` more. */
void start_processes(int many);

/* Says what the kernel says of every process: maps and pagemap. */
void say_processes(void);
