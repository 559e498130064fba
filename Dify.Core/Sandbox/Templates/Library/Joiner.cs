namespace Dify.Core.Sandbox.Templates.Library;

/// <summary><c>joiner()</c>: nothing at the first call, then its separator.</summary>
internal sealed class Joiner(object? separator)
{
    private bool _isUsed;

    public object? Next()
    {
        if (_isUsed)
        {
            return separator;
        }

        _isUsed = true;
        return "";
    }
}
