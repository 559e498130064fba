using Dify.Core.Accounts.Codes;

namespace Dify.Core.Accounts.Mail;

/// <summary>A mail in plain text, in the reader's language.</summary>
internal sealed record MailText(string To, string Subject, string Body)
{
    public static MailText Code(CodePurpose purpose, string to, string code, string? language) =>
        (purpose, AccountRules.LanguageOrDefault(language)) switch
        {
            (CodePurpose.Reset, "zh-Hans") => new(
                to, $"{code} 是你的 Dify 重置密码验证码",
                $"你的重置密码验证码是 {code}，5 分钟内有效。\n\n如果不是你本人操作，请忽略这封邮件，密码不会改变。\n"),
            (CodePurpose.Reset, _) => new(
                to, $"{code} is your Dify code to set a new password",
                $"Your code to set a new password is {code}. It is valid for 5 minutes.\n\nIf you did not ask for it, ignore this mail: your password stays as it is.\n"),
            (_, "zh-Hans") => new(
                to, $"{code} 是你的 Dify 注册验证码",
                $"你的注册验证码是 {code}，5 分钟内有效。\n\n如果不是你本人操作，请忽略这封邮件。\n"),
            _ => new(
                to, $"{code} is your Dify sign-up code",
                $"Your sign-up code is {code}. It is valid for 5 minutes.\n\nIf you did not ask for it, ignore this mail.\n"),
        };

    public static MailText Invitation(string to, string workspace, string inviter, string url, int hours, string? language) =>
        AccountRules.LanguageOrDefault(language) == "zh-Hans"
            ? new(to, $"{inviter} 邀请你加入 {workspace}",
                $"{inviter} 邀请你加入 Dify 工作区「{workspace}」。\n\n打开此链接接受邀请（{hours} 小时内有效）：\n{url}\n")
            : new(to, $"{inviter} invites you to {workspace}",
                $"{inviter} invites you to the Dify workspace \"{workspace}\".\n\nOpen this link to accept, it is valid for {hours} hours:\n{url}\n");
}
