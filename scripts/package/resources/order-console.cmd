@echo off
rem The console in the terminal: cmd waits for a program that a script starts, which it does not for one that is typed.
"%~dp0Order Console.exe" --cli %*
exit /b %ERRORLEVEL%
