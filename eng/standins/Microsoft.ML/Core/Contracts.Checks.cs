namespace Microsoft.ML.Runtime;

internal static partial class Contracts
{
    public static void Check(bool f) => Check(null, f);

    public static void Check(this IExceptionContext ctx, bool f)
    {
        if (!f)
            throw Process(new InvalidOperationException(), ctx);
    }

    public static void Check(bool f, string msg) => Check(null, f, msg);

    public static void Check(this IExceptionContext ctx, bool f, string msg)
    {
        if (!f)
            throw Except(ctx, msg);
    }

    public static void CheckUserArg(bool f, string name, string msg = null) => CheckParam(null, f, name, msg);

    public static void CheckUserArg(this IExceptionContext ctx, bool f, string name, string msg = null) => CheckParam(ctx, f, name, msg);

    public static void CheckParam(bool f, string paramName, string msg = null) => CheckParam(null, f, paramName, msg);

    public static void CheckParam(this IExceptionContext ctx, bool f, string paramName, string msg = null)
    {
        if (!f)
            throw ExceptParam(ctx, paramName, msg);
    }

    public static T CheckRef<T>(T val, string paramName)
        where T : class
        => CheckRef(null, val, paramName);

    public static T CheckRef<T>(this IExceptionContext ctx, T val, string paramName)
        where T : class
        => val ?? throw ExceptValue(ctx, paramName);

    public static void CheckValue<T>(T val, string paramName)
        where T : class
        => CheckValue(null, val, paramName);

    public static void CheckValue<T>(this IExceptionContext ctx, T val, string paramName)
        where T : class
    {
        if (val is null)
            throw ExceptValue(ctx, paramName);
    }

    public static void CheckValueOrNull<T>(this IExceptionContext ctx, T val)
        where T : class
    {
    }

    public static string CheckNonEmpty(string s, string paramName) => CheckNonEmpty(null, s, paramName);

    public static string CheckNonEmpty(this IExceptionContext ctx, string s, string paramName, string msg = null)
        => string.IsNullOrEmpty(s) ? throw ExceptEmpty(ctx, paramName, msg) : s;

    public static T[] CheckNonEmpty<T>(T[] args, string paramName) => CheckNonEmpty(null, args, paramName);

    public static T[] CheckNonEmpty<T>(this IExceptionContext ctx, T[] args, string paramName, string msg = null)
        => args is null or [] ? throw ExceptEmpty(ctx, paramName, msg) : args;

    public static string CheckNonWhiteSpace(string s, string paramName) => CheckNonWhiteSpace(null, s, paramName);

    public static string CheckNonWhiteSpace(this IExceptionContext ctx, string s, string paramName, string msg = null)
        => string.IsNullOrWhiteSpace(s) ? throw ExceptWhiteSpace(ctx, paramName, msg) : s;

    public static void CheckDecode(bool f) => CheckDecode(null, f);

    public static void CheckDecode(bool f, string msg) => CheckDecode(null, f, msg);

    public static void CheckDecode(this IExceptionContext ctx, bool f)
    {
        if (!f)
            throw ExceptDecode(ctx);
    }

    public static void CheckDecode(this IExceptionContext ctx, bool f, string msg)
    {
        if (!f)
            throw ExceptDecode(ctx, msg);
    }

    public static void CheckAlive(this IHostEnvironment env)
    {
        if (env is ICancelable { IsCanceled: true })
            throw Process(new OperationCanceledException("Operation was canceled."), env);
    }
}
