using Dify.Core.Accounts;
using Dify.Core.Common;

namespace Dify.Web.Endpoints;

/// <summary>What a refused sign-in tells, as code and as English text; pages translate by the code.</summary>
internal static class SignInMessages
{
    public static string CodeOf(SignInOutcome outcome) => outcome switch
    {
        SignInOutcome.AccountNotFound => ErrorCodes.AccountNotFound,
        SignInOutcome.Locked => ErrorCodes.AccountLocked,
        SignInOutcome.Banned => ErrorCodes.AccountBanned,
        _ => ErrorCodes.EmailOrPasswordMismatch,
    };

    public static string Of(SignInOutcome outcome) => outcome switch
    {
        SignInOutcome.AccountNotFound => "There is no account with this e-mail address. Ask an admin to invite you.",
        SignInOutcome.Locked => "Too many wrong passwords. Wait 15 minutes, or reset the password.",
        SignInOutcome.Banned => "This account is blocked. Ask an admin.",
        _ => "The e-mail address or the password is wrong.",
    };
}
