using Dify.Core.Common;
using Dify.Web.Resources;
using Microsoft.Extensions.Localization;
using MudBlazor;

namespace Dify.Web.Components.Shared;

/// <summary>Tells the person how an action went. The text of a code is translated in <c>ErrorText</c>.</summary>
internal sealed class UserFeedback(ISnackbar notices, IStringLocalizer<ErrorText> errors)
{
    /// <summary>Runs an action of a page: a coded failure becomes a notice and false, anything else goes on up.</summary>
    public async Task<bool> TryAsync(Func<Task> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        try
        {
            await action();
            return true;
        }
        catch (Exception failure) when (failure is DifyException || StorageFull.Is(failure))
        {
            Error(Describe(failure));
            return false;
        }
    }

    public void Success(string message) => notices.Add(message, Severity.Success);

    public void Info(string message) => notices.Add(message, Severity.Info);

    public void Error(string message) => notices.Add(message, Severity.Error);

    /// <summary>The words for a failure; of an unexpected one nothing is told but that it happened.</summary>
    public string Describe(Exception failure)
    {
        if (failure is not DifyException known)
        {
            return errors[StorageFull.Is(failure) ? ErrorCodes.StorageFull : ErrorCodes.InternalServerError];
        }

        // Where the particulars matter, the translation takes the message in as {0}.
        var text = errors[known.Code, known.Message];
        return text.ResourceNotFound ? known.Message : text.Value;
    }
}
