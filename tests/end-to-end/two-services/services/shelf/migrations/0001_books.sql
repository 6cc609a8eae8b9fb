CREATE TABLE books (book_id text PRIMARY KEY);
