/* locale_first.c -- linked to the program: a host that has taken its user's locale, as most do that
 * embed the library.  The program itself never asks for one, so LC_ALL alone would change nothing.
 */
#include <locale.h>

__attribute__((constructor)) static void take_locale(void)
{
    setlocale(LC_ALL, "");
}
