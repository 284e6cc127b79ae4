#include <stddef.h>
#include <stdio.h>

typedef unsigned long word_t;
typedef const word_t const_word_t;
struct list_head { struct list_head *next, *prev; };
struct path { void *mnt; struct dentry *dentry; };
struct tree { char name[15]; unsigned int bits : 3; unsigned int more : 29; };
struct task_struct {
	char first;
	union {
		struct {
			int pad;
			const_word_t vm_flags;
		};
		struct { short low, high; union { int deep; long deeper; }; };
	};
	struct list_head tasks;
	struct path f_path;
	unsigned long slot[16];
	struct tree trees[3];
	unsigned char bit : 1, other : 7;
	short last;
};
struct mm_struct { struct task_struct task; int count; };
struct task_struct t;
struct mm_struct m;
#define SAY(s, m) printf("  \"" #s " " #m "\": [%zu, %zu],\n", offsetof(struct s, m), sizeof(((struct s *)0)->m))
int main(void)
{
	SAY(task_struct, first); SAY(task_struct, pad); SAY(task_struct, vm_flags); SAY(task_struct, low); SAY(task_struct, high);
	SAY(task_struct, deep); SAY(task_struct, deeper); SAY(task_struct, tasks); SAY(task_struct, tasks.next); SAY(task_struct, tasks.prev); SAY(task_struct, f_path.dentry);
	SAY(task_struct, slot); SAY(task_struct, trees); SAY(task_struct, last); SAY(mm_struct, task.tasks.prev); SAY(mm_struct, count);
	printf("  \"task_struct\": [0, %zu],\n  \"mm_struct\": [0, %zu]\n", sizeof(struct task_struct), sizeof(struct mm_struct));
	return 0;
}
