# cmake -D PAIRS="name=file;..." -D OUT=page_files.c -P EmbedFiles.cmake
set(arrays "")
set(rows "")
set(number 0)
foreach(pair ${PAIRS})
    string(REGEX REPLACE "=.*" "" name "${pair}")
    string(REGEX REPLACE "^[^=]*=" "" file "${pair}")
    file(READ ${file} hex HEX)
    file(SIZE ${file} size)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
    string(APPEND arrays "static const unsigned char file_${number}[] = {${bytes}0};\n")
    string(APPEND rows "    {\"${name}\", file_${number}, ${size}},\n")
    math(EXPR number "${number} + 1")
endforeach()
file(WRITE ${OUT} "/* Made by cmake/EmbedFiles.cmake. */\n#include \"page/page.h\"\n\n${arrays}
static const paso_page_file files[] = {\n${rows}};

const paso_page_file *paso_page_files(size_t *n) {
    *n = ${number};
    return files;
}\n")
